import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly title: string;
  /** Where titles come from outside, and two may be the same. */
  readonly key?: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
}

interface Props<Row> {
  /** Says what it lists, for who cannot see it beside its title. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row, index: number) => string;
  /** The last line, such as a total; as many cells as columns. */
  readonly footer?: readonly ComponentChildren[];
  /** What to say when there are none. */
  readonly none: string;
}

/** A table that scrolls sideways by itself where the screen is narrow. */
export function Table<Row>({ caption, columns, rows, keyOf, footer, none }: Props<Row>) {
  if (rows.length === 0) return <p class="faint">{none}</p>;
  const tone = ({ isNumber }: Column<Row>) => (isNumber ? 'number' : '');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <figure class="scroller" tabIndex={0} aria-label={caption}>
      <table>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key ?? column.title} scope="col" class={tone(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map((column) => (
                <td key={column.key ?? column.title} class={tone(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {footer && (
          <tfoot>
            <tr>
              {columns.map((column, index) => (
                <td key={column.key ?? column.title} class={tone(column)}>
                  {footer[index]}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </figure>
  );
}
