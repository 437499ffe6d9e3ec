import { ImportError } from './import-error.ts';
import { type RawUsage, USAGE_FIELDS } from './usage-row.ts';

/** Under which name a file has each field. */
export type FieldMap = Readonly<Record<keyof RawUsage, string>>;

/**
 * The names of the fields, the API's own unless a pair such as `metric=product` says otherwise. Throws an ImportError for
 * a pair that says nothing, and for two fields under one name.
 */
export function fieldMap(pairs: readonly string[]): FieldMap {
  const map: Record<keyof RawUsage, string> = { ...USAGE_FIELDS };
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const [name, column] = [pair.slice(0, at), pair.slice(at + 1).trim()];
    const field = Object.entries(USAGE_FIELDS).find(([, own]) => own === name)?.[0];
    if (at === -1 || field === undefined || column === '') {
      const fields = Object.values(USAGE_FIELDS).join(', ');
      throw new ImportError(`--map ${pair} says nothing: give FIELD=COLUMN, with FIELD one of ${fields}.`);
    }
    map[field as keyof RawUsage] = column;
  }
  const names = Object.values(map);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ImportError(`Two fields can't both be in ${JSON.stringify(twice)}: mend --map.`);
  return map;
}
