import type { Statement, StatementLine } from '../../types/api.ts';
import { command } from '../command.ts';
import { amountText } from '../currency.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import type { Output } from '../output.ts';
import { rowsOf } from '../pages.ts';
import { flag, month } from '../parameters.ts';
import { csvLine, csvOwn, csvText } from '../text/csv.ts';
import { utc } from '../text/moment.ts';
import { grouped, moneyOf } from '../text/money.ts';
import type { Column } from '../text/table.ts';

const CSV_TITLES = [
  'event_id',
  'txn_id',
  'kind',
  'metric',
  'quantity',
  'event_date',
  'posted_at',
  'amount_minor',
  'currency',
];

export const statement = command({
  name: 'statement',
  group: 'Reads',
  credential: 'tenant',
  summary: "List a month's charges and adjustments",
  description: 'Oldest first. A closed month reads the same for ever.',
  options: {
    period: month('--period <YYYY-MM>', 'the UTC month; without it, this one'),
    csv: flag('--csv', 'as CSV (RFC 4180), amounts in minor units'),
  },
  examples: [
    { line: 'statement', says: "this month's" },
    { line: 'statement --csv > statement.csv', says: 'for a spreadsheet' },
    { line: 'statement --period 2026-10 --json', says: 'for a program' },
  ],
  async work(client, { period, csv }, output) {
    if (csv && output.isJson) throw new UsageError('Choose one of --csv and --json.');
    // As the API has it by default for programs; people and spreadsheets also see of which event a line is.
    const include = output.isJson ? {} : { include: 'event_id' as const };
    const pages = client.statementLines({ ...(period !== undefined && { period }), ...include }).pages();
    if (output.isJson) for await (const found of pages) await output.answer(found);
    else if (csv) await writeCsv(pages, output);
    else await writeTable(pages, output);
    return EXIT.ok;
  },
});

async function writeCsv(pages: AsyncIterable<Statement>, output: Output): Promise<void> {
  await output.raw(csvLine(CSV_TITLES));
  for await (const { lines, currency } of pages) {
    const records = lines.map((line) =>
      csvLine([
        csvText(line.event_id ?? null),
        csvOwn(line.txn_id),
        csvOwn(line.kind),
        csvText(line.metric),
        csvOwn(line.quantity),
        csvOwn(line.event_date),
        csvOwn(line.posted_at),
        csvOwn(line.amount_minor),
        csvOwn(currency),
      ]),
    );
    if (records.length > 0) await output.raw(records.join(''));
  }
}

async function writeTable(pages: AsyncIterable<Statement>, output: Output): Promise<void> {
  let last: Statement | undefined;
  const kept = rowsOf(pages, (found) => {
    last = found;
    return found.lines.map((line) => ({ line, currency: found.currency }));
  });
  await output.table(columns, kept, 'No activity in this month.');
  if (last === undefined) return;
  await output.line();
  await output.facts([
    ['Month', `${last.period}, ${last.status}`],
    ['Total', amountText(last.total_minor, last.currency)],
  ]);
}

const columns: readonly Column<{ readonly line: StatementLine; readonly currency: string }>[] = [
  { title: 'POSTED (UTC)', cell: ({ line }) => utc(line.posted_at) },
  { title: 'USED (UTC)', cell: ({ line }) => utc(line.event_date) },
  { title: 'KIND', cell: ({ line }) => line.kind },
  { title: 'METRIC', cell: ({ line }) => line.metric },
  { title: 'QUANTITY', align: 'right', cell: ({ line }) => (line.quantity === null ? null : grouped(line.quantity)) },
  { title: 'AMOUNT', align: 'right', cell: ({ line, currency }) => moneyOf(line.amount_minor, currency) },
  { title: 'EVENT', cell: ({ line }) => line.event_id },
];
