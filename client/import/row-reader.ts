import { isUtf8 } from 'node:buffer';
import { BODY_MAX_BYTES } from '../../lambdas/http/limits.ts';
import { ArrayBoundary, type Boundary, CsvBoundary, lineBoundary } from './boundaries.ts';
import { CsvRows } from './csv-rows.ts';
import type { FieldMap } from './field-map.ts';
import { byteOrderMarkLength, delimiterOf, type Format, formatOf, HEAD_BYTES, type Layout } from './formats.ts';
import { JsonRows } from './json-rows.ts';
import type { Row } from './row.ts';
import { type Piece, Splitter } from './splitter.ts';

/** What the API takes for one event; what is longer is no row but a file without line ends. */
export const RECORD_MAX_BYTES = BODY_MAX_BYTES;

export interface ReadOptions {
  /** What the file is called. */
  readonly name: string;
  readonly format: Format | undefined;
  readonly delimiter: string | undefined;
  readonly map: FieldMap;
}

/** Reads the rows of a file of any size, keeping one of them at a time. */
export class RowReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #options: ReadOptions;
  #splitter: Splitter | undefined;

  constructor(chunks: AsyncIterable<Buffer>, options: ReadOptions) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#options = options;
  }

  /** Every row in order. Throws an ImportError when the file as a whole can't be read. */
  async *rows(): AsyncGenerator<Row> {
    const { name, map } = this.#options;
    const head = await this.#head();
    const { format, layout } = formatOf(name, this.#options.format, head);
    const delimiter = this.#options.delimiter ?? delimiterOf(name);
    const boundary = boundaryOf(layout, delimiter);
    const splitter = new Splitter(boundary, RECORD_MAX_BYTES);
    this.#splitter = splitter;
    const reader = layout === 'csv' ? new CsvRows(delimiter, map) : new JsonRows(format, map);

    const mark = byteOrderMarkLength(head);
    splitter.skip(head.subarray(0, mark));
    // What stands before an array's bracket is no element of it.
    let isPrelude = layout === 'array';
    for (let chunk: Buffer | undefined = head.subarray(mark); chunk !== undefined; chunk = await this.#next()) {
      for (const piece of splitter.push(chunk)) {
        if (!isPrelude) yield* rowsOf(piece, reader);
        isPrelude = false;
      }
    }
    const rest = splitter.end();
    if (rest !== undefined) yield* rowsOf(rest, reader);
    if (boundary instanceof ArrayBoundary && !boundary.isClosed) yield cutOff(splitter);
  }

  /** SHA-256 of the file up to the end of the last row, in lower-case hex. */
  prefixHash(): string {
    return this.#splitter?.prefixHash() ?? '';
  }

  async #head(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    while (length < HEAD_BYTES) {
      const chunk = await this.#next();
      if (chunk === undefined) break;
      chunks.push(chunk);
      length += chunk.length;
    }
    return Buffer.concat(chunks);
  }

  async #next(): Promise<Buffer | undefined> {
    const next = await this.#chunks.next();
    return next.done === true ? undefined : next.value;
  }
}

function boundaryOf(layout: Layout, delimiter: string): Boundary {
  if (layout === 'csv') return new CsvBoundary(delimiter);
  return layout === 'array' ? new ArrayBoundary() : lineBoundary();
}

/** The row in a piece, if there is one. */
function* rowsOf(piece: Piece, rows: CsvRows | JsonRows): Generator<Row> {
  const { bytes, line, endByte } = piece;
  const text = bytes.toString('utf8');
  const fault = faultOf(piece);
  if (fault !== undefined) {
    yield {
      line,
      endByte,
      text,
      content: text,
      raw: undefined,
      reading: { faults: [{ field: 'row', message: fault }] },
    };
    return;
  }
  const row = rows.rowOf(text);
  // An element of an array begins behind the line ends before it.
  const before = text.slice(0, text.length - text.trimStart().length).split('\n').length - 1;
  if (row !== undefined) yield { line: line + before, endByte, text, ...row };
}

function faultOf({ bytes, isTooLong }: Piece): string | undefined {
  if (isTooLong) {
    return `is longer than ${RECORD_MAX_BYTES} bytes: a quote or a bracket in it may not be closed. The row is shown in part`;
  }
  return isUtf8(bytes) ? undefined : 'must be UTF-8';
}

/** What stands for the elements that a file of an array lost with its end. */
function cutOff({ line, endByte }: Splitter): Row {
  const faults = [{ field: 'file', message: 'ends within its array: it was cut off, so get it again' }];
  return { line, endByte, text: '', content: '', raw: undefined, reading: { faults } };
}
