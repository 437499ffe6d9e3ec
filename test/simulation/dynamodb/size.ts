import type { Item, Value } from './attribute-value.ts';

/** "Quotas", Developer Guide: the largest item. */
export const ITEM_BYTES_MAX = 400 * 1024;

/**
 * An item's size in bytes by AWS's rules ("DynamoDB item sizes and formats", Developer Guide): names and texts in UTF-8,
 * a byte for each two digits of a number and one more (and one for the sign), three for a list or map and one for each
 * of its elements.
 */
export function itemBytes(item: Item): number {
  let bytes = known.get(item);
  if (bytes === undefined) {
    bytes = 0;
    for (const name in item) bytes += textBytes(name) + valueBytes(item[name] as Value);
    known.set(item, bytes);
  }
  return bytes;
}

/** Items never change, and every read asks for their sizes. */
const known = new WeakMap<Item, number>();

function valueBytes(value: Value): number {
  if (value.S !== undefined) return textBytes(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  if (value.L !== undefined) return value.L.reduce((sum, element) => sum + 1 + valueBytes(element), 3);
  return 1;
}

export function textBytes(text: string): number {
  return Buffer.byteLength(text);
}

function numberBytes(text: string): number {
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}
