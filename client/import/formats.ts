import { extname } from 'node:path';
import { ImportError } from './import-error.ts';

export const FORMATS = ['csv', 'ndjson', 'json', 'cloudevents', 'rejects'] as const;

/** What a file holds: rows of the API's own form, CloudEvents, or what an earlier import rejected. */
export type Format = (typeof FORMATS)[number];

/** How its rows are laid out. */
export type Layout = 'csv' | 'lines' | 'array';

/** What an import calls the file of its rejects. */
export const REJECTS_ENDING = '.rejects.ndjson';

const byEnding: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
};

/** How far into a file its first character is looked for. */
export const HEAD_BYTES = 4_096;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** What begins so can't be read here; each with its cure. */
const foreign: readonly { readonly begins: readonly number[]; readonly cure: string }[] = [
  { begins: [0xff, 0xfe], cure: 'is UTF-16: save it as UTF-8.' },
  { begins: [0xfe, 0xff], cure: 'is UTF-16: save it as UTF-8.' },
  { begins: [0x1f, 0x8b], cure: 'is compressed: gunzip -c FILE | zerosum import - --format csv.' },
  { begins: [0x50, 0x4b, 0x03, 0x04], cure: 'is a spreadsheet or an archive: save it as CSV, or unpack it.' },
];

/** How many bytes of the head are a byte order mark. */
export function byteOrderMarkLength(head: Buffer): number {
  return head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
}

/**
 * The format and layout of a file, by what was asked for, its name and its first bytes. Throws an ImportError when it
 * can't be told or can't be read.
 */
export function formatOf(
  name: string,
  asked: Format | undefined,
  head: Buffer,
): { readonly format: Format; readonly layout: Layout } {
  for (const { begins, cure } of foreign) {
    if (head.subarray(0, begins.length).equals(Buffer.from(begins))) throw new ImportError(`${name} ${cure}`);
  }
  const first = head.subarray(byteOrderMarkLength(head)).toString('latin1').trimStart().charAt(0);
  const format = asked ?? formatByName(name) ?? (first === '{' ? 'ndjson' : first === '[' ? 'json' : undefined);
  if (format === undefined) {
    throw new ImportError(`The format of ${name} can't be told from its name: give --format csv, or another.`);
  }
  if (format === 'csv') return { format, layout: 'csv' };
  if (first === '[' && format !== 'rejects') return { format, layout: 'array' };
  if (format === 'json' && first !== '{' && first !== '') {
    throw new ImportError(`${name} is no JSON array: give --format ndjson or csv if it is one of these.`);
  }
  return { format, layout: 'lines' };
}

/** The character between the fields of a CSV file of this name, unless told otherwise. */
export function delimiterOf(name: string): string {
  return extname(name).toLowerCase() === '.tsv' ? '\t' : ',';
}

function formatByName(name: string): Format | undefined {
  const lower = name.toLowerCase();
  return lower.endsWith(REJECTS_ENDING) ? 'rejects' : byEnding[extname(lower)];
}
