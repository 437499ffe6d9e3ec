import type { Usage } from '../../types/api.ts';
import { command } from '../command.ts';
import { amountText, tenantCurrency } from '../currency.ts';
import { EXIT } from '../exit-codes.ts';
import { choice, option } from '../parameters.ts';
import { utc } from '../text/moment.ts';
import { grouped } from '../text/money.ts';
import type { Column } from '../text/table.ts';

type Row = Usage['series'][number] & { readonly metric: string };

const GRANULARITIES = ['hour', 'day', 'month'] as const;

export const usage = command({
  name: 'usage',
  group: 'Reads',
  credential: 'tenant',
  summary: 'Show usage over time',
  description:
    'By hour, day or month in UTC of when it happened, a second or so behind. Without --metric each metric that was used; ' +
    'with --json then all of them together, whose quantities mix units.',
  options: {
    metric: option('--metric <metric>', 'of one metric'),
    from: option('--from <date>', 'the first moment: 2026-11-01 or a timestamp; without it, the start of the month'),
    to: option('--to <date>', 'the first moment that no longer counts; without it, the end of this month'),
    granularity: choice('--granularity <span>', GRANULARITIES, 'how long each line is'),
  },
  examples: [
    { line: 'usage', says: 'this month, day by day, each metric' },
    { line: 'usage --metric api_call', says: 'one of them, idle days too' },
    { line: 'usage --metric api_call --granularity month --from 2026-01-01 --to 2027-01-01', says: 'month by month' },
  ],
  async work(client, { metric, from, to, granularity }, output) {
    const query = {
      ...(metric !== undefined && { metric }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(granularity !== undefined && { granularity }),
    };
    if (output.isJson) {
      await output.answer(await client.usage(query));
      return EXIT.ok;
    }
    const [found, currency] = await Promise.all([
      client.usage({ ...query, ...(metric === undefined && { group_by: 'metric' as const }) }),
      tenantCurrency(client),
    ]);
    await output.table(columnsIn(currency), [rowsOfUsage(found, metric)], 'No usage.');
    const total = found.series.reduce((sum, { amount_minor }) => sum + BigInt(amount_minor), 0n);
    await output.line();
    await output.facts([
      ['Amount', amountText(total.toString(), currency)],
      ['As of', `${utc(found.as_of)} UTC`],
    ]);
    return EXIT.ok;
  },
});

/** One metric in every span; of all metrics, those spans in which there is usage. */
function rowsOfUsage({ series, metrics = [] }: Usage, metric: string | undefined): readonly Row[] {
  if (metric !== undefined) return series.map((bucket) => ({ ...bucket, metric }));
  const rows = metrics.flatMap((one) => one.series.map((bucket) => ({ ...bucket, metric: one.metric })));
  // Stable: within a span the metrics stay in their order.
  return rows.sort((left, right) => (left.start === right.start ? 0 : left.start < right.start ? -1 : 1));
}

function columnsIn(currency: string): readonly Column<Row>[] {
  return [
    { title: 'FROM (UTC)', cell: ({ start }) => utc(start) },
    { title: 'METRIC', cell: ({ metric }) => metric },
    { title: 'QUANTITY', align: 'right', cell: ({ quantity }) => grouped(quantity) },
    { title: 'AMOUNT', align: 'right', cell: ({ amount_minor }) => amountText(amount_minor, currency) },
  ];
}
