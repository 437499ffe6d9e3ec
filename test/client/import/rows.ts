import { fieldMap } from '../../../client/import/field-map.ts';
import type { Row } from '../../../client/import/row.ts';
import { type ReadOptions, RowReader } from '../../../client/import/row-reader.ts';

/** The options of a file of this name that says nothing else. */
export function readOptions(name: string, more: Partial<ReadOptions> = {}): ReadOptions {
  return { name, format: undefined, delimiter: undefined, map: fieldMap([]), ...more };
}

/** The rows of a file that arrives in these chunks. */
export async function rowsOf(chunks: Iterable<string | Buffer>, options: ReadOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of new RowReader(asBuffers(chunks), options).rows()) rows.push(row);
  return rows;
}

/** Bytes cut at these places. */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

async function* asBuffers(chunks: Iterable<string | Buffer>): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}
