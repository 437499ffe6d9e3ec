/**
 * An item's size in bytes by AWS's rules ("DynamoDB item sizes and formats", Developer Guide): names and texts in UTF-8,
 * a byte for each two digits of a number and one more (and one for the sign), three for a list or map and one for each
 * of its elements.
 */
export function itemBytes(item: Readonly<Record<string, unknown>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

/** Write units of one transactional write: a kilobyte each, doubled. */
export function transactionalWriteUnits(bytes: number): number {
  return 2 * Math.ceil(bytes / 1024);
}

function valueBytes(value: unknown): number {
  if (value === undefined) return 0;
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number' || typeof value === 'bigint') {
    const digits = String(value).replace('-', '').replace(/0+$/, '').length;
    return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
  }
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + valueBytes(each) + 1, 3);
  return itemBytes(value as Record<string, unknown>) + 3 + Object.keys(value as object).length;
}
