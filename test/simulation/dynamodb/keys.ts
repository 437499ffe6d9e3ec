import type { Item, Value } from './attribute-value.ts';
import { invalid } from './refusals.ts';
import { textBytes } from './size.ts';
import type { Place, TableDefinition } from './table.ts';

/** "Quotas", Developer Guide: the longest values of a key, in bytes. */
const KEY_BYTES_MAX = { pk: 2048, sk: 1024 };

/** The place that a `Key` names; throws a ValidationException for what is no key of these tables. */
export function placeOfKey(key: Item | undefined): Place {
  const names = Object.keys(key ?? {});
  if (names.length !== 2 || key?.['pk']?.S === undefined || key['sk']?.S === undefined) {
    throw invalid('The provided key element does not match the schema');
  }
  return { partition: keyText('pk', key['pk']), sort: keyText('sk', key['sk']) };
}

/** The place of an item that is to be put; throws a ValidationException for one without one. */
export function placeOfItem(item: Item): Place {
  return { partition: keyText('pk', item['pk']), sort: keyText('sk', item['sk']) };
}

/** Throws a ValidationException for an item with an empty key of its table's index. */
export function checkIndexKeysFilled(item: Item, { index }: TableDefinition): void {
  if (index === undefined) return;
  for (const name of [index.partition, index.sort]) {
    if (item[name]?.S !== '') continue;
    throw invalid(
      `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${index.name}, IndexKey: ${name}`,
    );
  }
}

/** Throws a ValidationException for an item whose key of its table's index is no text. */
export function checkIndexKeyTypes(item: Item, { index }: TableDefinition): void {
  if (index === undefined) return;
  for (const name of [index.partition, index.sort]) {
    const value = item[name];
    if (value === undefined || value.S !== undefined) continue;
    throw invalid(
      `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: S Actual: ${Object.keys(value)[0]} IndexName: ${index.name}`,
    );
  }
}

function keyText(name: 'pk' | 'sk', value: Value | undefined): string {
  if (value === undefined) {
    throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
  }
  if (value.S === undefined) {
    throw invalid(
      `One or more parameter values were invalid: Type mismatch for key ${name} expected: S actual: ${Object.keys(value)[0]}`,
    );
  }
  if (value.S === '') {
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
    );
  }
  if (value.S.length * 3 > KEY_BYTES_MAX[name] && textBytes(value.S) > KEY_BYTES_MAX[name]) {
    throw invalid(
      `One or more parameter values were invalid: Size of ${name === 'pk' ? 'hashkey' : 'rangekey'} has exceeded the maximum size limit of ${KEY_BYTES_MAX[name]} bytes`,
    );
  }
  return value.S;
}
