import { inert } from './inert.ts';
import { widthOf } from './width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'right';
  /** What is shown of a row; null and undefined as `-`. It is made inert here. */
  cell(row: Row): string | null | undefined;
}

const GAP = '  ';
const NOTHING = '-';

/** A table whose rows come in portions: a later one is never narrower than those before. */
export class Table<Row> {
  readonly #columns: readonly Column<Row>[];
  readonly #widths: number[];

  constructor(columns: readonly Column<Row>[]) {
    this.#columns = columns;
    this.#widths = columns.map(({ title }) => widthOf(title));
  }

  /** The lines of some more rows; their columns are as wide as the widest cell so far. */
  lines(rows: readonly Row[]): string[] {
    const cells = rows.map((row) => this.#columns.map((column) => inert(column.cell(row) ?? NOTHING)));
    for (const line of cells) {
      for (const [index, cell] of line.entries()) {
        this.#widths[index] = Math.max(this.#widths[index] ?? 0, widthOf(cell));
      }
    }
    return cells.map((line) => this.#line(line));
  }

  /** The titles, as wide as the rows until now; ask for it after the first ones. */
  header(): string {
    return this.#line(this.#columns.map(({ title }) => title));
  }

  #line(cells: readonly string[]): string {
    const padded = cells.map((cell, index) => {
      const padding = ' '.repeat(Math.max(0, (this.#widths[index] ?? 0) - widthOf(cell)));
      return this.#columns[index]?.align === 'right' ? padding + cell : cell + padding;
    });
    return padded.join(GAP).trimEnd();
  }
}

/** Names and values below each other, the values in one column. */
export function factLines(facts: readonly (readonly [name: string, value: string | null | undefined])[]): string[] {
  const width = Math.max(...facts.map(([name]) => widthOf(name)));
  return facts.map(([name, value]) => `${name.padEnd(width)}${GAP}${inert(value ?? NOTHING)}`);
}
