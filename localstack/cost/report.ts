import { assumptionNotes } from './assumptions.ts';
import type { Bill, PricedLine } from './bill.ts';
import { PRICES_AS_OF, PRICES_REGION, priceOf } from './list-prices.ts';

/** Smaller lines are added up in one. */
const SHOWN_FROM_DOLLARS = 0.005;

/** A bill as a table. @param perEvents what "counted" is counted for: so many events, or the month for 1 */
export function billTable(title: string, bill: Bill, perEvents: number): string {
  const shown = bill.lines.filter(({ dollars }) => dollars >= SHOWN_FROM_DOLLARS);
  const rest = bill.lines.filter(({ dollars }) => dollars < SHOWN_FROM_DOLLARS);
  const restDollars = rest.reduce((sum, { dollars }) => sum + dollars, 0);
  const heading = ['', 'item', perEvents === 1 ? 'a month' : 'an event', 'unit', 'unit price', 'dollars'];
  const rows = [
    heading,
    ...shown.map((line, index) => row(line, shown[index - 1], perEvents)),
    ['', `${rest.length} smaller lines`, '', '', '', dollarsText(restDollars)],
    ['total', '', '', '', '', dollarsText(bill.dollars)],
  ];
  return `${title}\n\n${aligned(rows)}`;
}

/** What the figures rest on, for a reader of a table. */
export function footnotes(bill: Bill): string {
  const unseen = new Set(bill.lines.map(({ price }) => priceOf(price)).filter(({ isSeen }) => !isSeen));
  const names = [...unseen].map(({ unit }) => unit);
  return [
    `List prices of ${PRICES_REGION}, ${PRICES_AS_OF}, first tier, each with its page in localstack/cost/list-prices.ts;`,
    names.length === 0
      ? '  all found in copies of those pages.'
      : `  still to be checked on the page: ${names.join(', ')}.`,
    ...assumptionNotes,
  ].join('\n');
}

export function dollarsText(dollars: number): string {
  return `$${dollars.toFixed(dollars < 10 ? 3 : 2)}`;
}

function row(line: PricedLine, before: PricedLine | undefined, perEvents: number): string[] {
  const { group, item, quantity, unit, unitPrice, dollars } = line;
  return [
    group === before?.group ? '' : group,
    item,
    countText(quantity / perEvents),
    unit,
    unitPrice,
    dollarsText(dollars),
  ];
}

function countText(count: number): string {
  if (count >= 100) return Math.round(count).toLocaleString('en-US');
  return String(Number(count.toPrecision(3)));
}

function aligned(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const isNumber = (column: number) => column === 2 || column === 5;
  return rows
    .map((cells) =>
      cells
        .map((cell, column) =>
          isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
