import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { type Column, factLines, Table } from './text/table.ts';

/** How a command's results are written: for people, or as the API gave them. */
export type Form = 'human' | 'json';

export interface Streams {
  readonly out: Writable;
  readonly err: Writable;
  /** Whether standard output may carry colours. */
  readonly outHasColour: boolean;
  /** Whether somebody watches standard error, so that a line of progress may replace the one before. */
  readonly errIsWatched: boolean;
}

const BOLD = ['\u{1b}[1m', '\u{1b}[22m'] as const;
const CLEAR_LINE = '\r\u{1b}[K';

/**
 * What a command says: its results on standard output, all else on standard error. Every text from outside must come through
 * a table, a fact or `inert`.
 */
export class Output {
  readonly form: Form;
  readonly #streams: Streams;
  #hasProgress = false;

  constructor(form: Form, streams: Streams) {
    this.form = form;
    this.#streams = streams;
  }

  get isJson(): boolean {
    return this.form === 'json';
  }

  /** An answer of the API, as it came, on a line of its own: for `--json`. */
  async answer(document: unknown): Promise<void> {
    await this.raw(`${JSON.stringify(document)}\n`);
  }

  /** A line for people, already inert. */
  async line(text = ''): Promise<void> {
    await this.raw(`${text}\n`);
  }

  /** Names and values below each other. */
  async facts(facts: readonly (readonly [name: string, value: string | null | undefined])[]): Promise<void> {
    for (const text of factLines(facts)) await this.line(text);
  }

  async heading(text: string): Promise<void> {
    await this.line(this.#bold(text));
  }

  /**
   * A table of rows that come in portions.
   * @param none what to say instead when there are none
   * @returns how many rows there were
   */
  async table<Row>(
    columns: readonly Column<Row>[],
    portions: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>,
    none: string,
  ): Promise<number> {
    const table = new Table(columns);
    let count = 0;
    for await (const rows of portions) {
      if (rows.length === 0) continue;
      const lines = table.lines(rows);
      if (count === 0) await this.heading(table.header());
      count += rows.length;
      await this.raw(`${lines.join('\n')}\n`);
    }
    if (count === 0) await this.line(none);
    return count;
  }

  /** Text as it is, waiting while the reader is slower than we are. */
  async raw(text: string): Promise<void> {
    this.endProgress();
    if (!this.#streams.out.write(text)) await once(this.#streams.out, 'drain');
  }

  /** A remark on standard error, already inert. */
  note(text: string): void {
    this.endProgress();
    this.#streams.err.write(`${text}\n`);
  }

  /** How far it has come, on standard error: a line that the next one replaces, if somebody watches; else nothing. */
  progress(text: string): void {
    if (!this.#streams.errIsWatched) return;
    this.#hasProgress = true;
    this.#streams.err.write(`${CLEAR_LINE}${text}`);
  }

  /** Clears the line of progress, for what is said by others. */
  endProgress(): void {
    if (!this.#hasProgress) return;
    this.#hasProgress = false;
    this.#streams.err.write(CLEAR_LINE);
  }

  #bold(text: string): string {
    return this.#streams.outHasColour ? `${BOLD[0]}${text}${BOLD[1]}` : text;
  }
}
