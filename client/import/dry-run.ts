import type { Readable } from 'node:stream';
import { chunksOf, type ImportOptions } from './import-file.ts';
import type { Row } from './row.ts';
import { RowReader } from './row-reader.ts';

export interface DryRun {
  readonly rows: number;
  /** Rows in which nothing is wrong as far as it shows here: the price book and the dates' limits are the service's. */
  readonly valid: number;
  readonly rejected: number;
  /** The first few that would be rejected. */
  readonly rejects: readonly Pick<Row, 'line' | 'reading'>[];
}

/** Enough to see what is wrong with a file. */
const SHOWN = 10;

/** Reads a whole file as an import would, and sends and writes nothing. */
export async function dryRun(
  options: Pick<ImportOptions, 'file' | 'format' | 'delimiter' | 'map'>,
  world: { readonly stdin: Readable; readonly signal: AbortSignal },
): Promise<DryRun> {
  const rejects: Pick<Row, 'line' | 'reading'>[] = [];
  let rows = 0;
  let rejected = 0;
  const reader = new RowReader(chunksOf(options.file, world.stdin), { ...options, name: options.file });
  for await (const { line, reading } of reader.rows()) {
    if (world.signal.aborted) break;
    rows += 1;
    if (reading.faults === undefined) continue;
    rejected += 1;
    if (rejects.length < SHOWN) rejects.push({ line, reading });
  }
  return { rows, valid: rows - rejected, rejected, rejects };
}
