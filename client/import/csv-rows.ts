import { CsvError, parse } from 'csv-parse/sync';
import type { FieldMap } from './field-map.ts';
import { ImportError } from './import-error.ts';
import type { Reading, Row } from './row.ts';
import { eventOf, type RawUsage, USAGE_FIELDS } from './usage-row.ts';

/** The fields that a row must have. */
const REQUIRED = ['metric', 'quantity'] as const;

/** Spaces around these mean nothing; around an id they might. */
const TRIMMED: ReadonlySet<keyof RawUsage> = new Set(['tenant', 'metric', 'quantity', 'eventDate']);

/** Reads the records of a CSV file: the first names the columns. */
export class CsvRows {
  readonly #delimiter: string;
  readonly #map: FieldMap;
  #columns: readonly Column[] | undefined;

  constructor(delimiter: string, map: FieldMap) {
    this.#delimiter = delimiter;
    this.#map = map;
  }

  /** The row in a record; undefined for the header and for blank lines. Throws an ImportError for a useless header. */
  rowOf(text: string): Pick<Row, 'content' | 'raw' | 'reading'> | undefined {
    if (text.trim() === '') return undefined;
    const values = this.#valuesOf(text);
    if (this.#columns === undefined) {
      if (typeof values === 'string') throw new ImportError(`The header of the file is no CSV: ${values}.`);
      this.#columns = columnsOf(values, this.#map, this.#delimiter);
      return undefined;
    }
    if (typeof values === 'string') return unread(text, values);
    if (values.length !== this.#columns.length) {
      return unread(text, `has ${values.length} columns, and the header ${this.#columns.length}`);
    }
    return read(this.#columns, values);
  }

  /** The fields of a record, or what is wrong with it. */
  #valuesOf(text: string): string[] | string {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    // Without a quote a record is its text between delimiters; most are, and this is many times faster.
    if (!line.includes('"')) return line.split(this.#delimiter);
    try {
      const options = { delimiter: this.#delimiter, relax_column_count: true, record_delimiter: '\n' };
      const [values] = parse(line, options) as string[][];
      return values ?? [];
    } catch (error) {
      if (error instanceof CsvError) return 'is no CSV: a quote is not closed, or stands within a field without quotes';
      throw error;
    }
  }
}

interface Column {
  /** The field it holds; undefined for a column that means nothing here. */
  readonly field: keyof RawUsage | undefined;
  /** What it is called in a row's content. */
  readonly name: string;
}

function columnsOf(header: readonly string[], map: FieldMap, delimiter: string): Column[] {
  const names = header.map((name) => name.trim());
  const fields = new Map(Object.entries(map).map(([field, name]) => [name, field as keyof RawUsage]));
  for (const [name, field] of fields) {
    const count = names.filter((each) => each === name).length;
    if (count > 1)
      throw new ImportError(`The header names ${JSON.stringify(name)} ${count} times: rename all but one.`);
    const isMissing = count === 0 && (REQUIRED.some((one) => one === field) || map[field] !== USAGE_FIELDS[field]);
    if (isMissing) throw new ImportError(missing(field, name, names, delimiter));
  }
  return names.map((name) => {
    const field = fields.get(name);
    return { field, name: field ?? `column:${name}` };
  });
}

function missing(field: keyof RawUsage, name: string, names: readonly string[], delimiter: string): string {
  const other = [';', '\t', '|', ','].find((each) => each !== delimiter && names[0]?.includes(each));
  if (names.length === 1 && other !== undefined) {
    return `The header has one column: give --delimiter ${JSON.stringify(other)} if that is what separates them.`;
  }
  const shown = names.map((each) => JSON.stringify(each)).join(', ');
  return `The header has no ${JSON.stringify(name)}: say which column it is with --map ${USAGE_FIELDS[field]}=COLUMN. It has ${shown}.`;
}

function read(columns: readonly Column[], values: readonly string[]): Pick<Row, 'content' | 'raw' | 'reading'> {
  const raw: Record<keyof RawUsage, unknown> = {
    tenant: undefined,
    metric: undefined,
    quantity: undefined,
    idempotencyKey: undefined,
    eventDate: undefined,
  };
  const said: [string, string][] = [];
  for (const [index, { field, name }] of columns.entries()) {
    const value = values[index] ?? '';
    const kept = field !== undefined && TRIMMED.has(field) ? value.trim() : value;
    if (field !== undefined && kept !== '') raw[field] = kept;
    if (kept !== '') said.push([name, kept]);
  }
  said.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  const found = eventOf(raw, USAGE_FIELDS);
  return { content: JSON.stringify(said), raw, reading: Array.isArray(found) ? { faults: found } : { event: found } };
}

function unread(text: string, message: string): { content: string; raw: undefined; reading: Reading } {
  return { content: text, raw: undefined, reading: { faults: [{ field: 'row', message }] } };
}
