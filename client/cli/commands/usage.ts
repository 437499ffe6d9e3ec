import type { Usage } from '../../types/api.ts';
import { command } from '../command.ts';
import { amountText, tenantCurrency } from '../currency.ts';
import { EXIT } from '../exit-codes.ts';
import { choice, option } from '../parameters.ts';
import { utc } from '../text/moment.ts';
import { grouped } from '../text/money.ts';

const GRANULARITIES = ['hour', 'day', 'month'] as const;

export const usage = command({
  name: 'usage',
  group: 'Reads',
  credential: 'tenant',
  summary: 'Show usage over time',
  description:
    'By hour, day or month in UTC of when it happened, a second or so behind. Without --metric all metrics together: then ' +
    'quantities mix units.',
  options: {
    metric: option('--metric <metric>', 'of one metric'),
    from: option('--from <date>', 'the first moment: 2026-11-01 or a timestamp; without it, the start of the month'),
    to: option('--to <date>', 'the first moment that no longer counts; without it, the end of this month'),
    granularity: choice('--granularity <span>', GRANULARITIES, 'how long each line is'),
  },
  examples: [
    { line: 'usage --metric api_call', says: 'this month, day by day' },
    { line: 'usage --metric api_call --granularity month --from 2026-01-01 --to 2027-01-01', says: 'month by month' },
  ],
  async work(client, { metric, from, to, granularity }, output) {
    const query = {
      ...(metric !== undefined && { metric }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(granularity !== undefined && { granularity }),
    };
    const found = await client.usage(query);
    if (output.isJson) {
      await output.answer(found);
      return EXIT.ok;
    }
    const currency = await tenantCurrency(client);
    type Bucket = Usage['series'][number];
    await output.table<Bucket>(
      [
        { title: 'FROM (UTC)', cell: ({ start }) => utc(start) },
        { title: 'QUANTITY', align: 'right', cell: ({ quantity }) => grouped(quantity) },
        { title: 'AMOUNT', align: 'right', cell: ({ amount_minor }) => amountText(amount_minor, currency) },
      ],
      [found.series],
      'No usage.',
    );
    await output.line();
    await output.facts([
      ['Quantity', grouped(sumOf(found.series.map(({ quantity }) => quantity)))],
      ['Amount', amountText(sumOf(found.series.map(({ amount_minor }) => amount_minor)), currency)],
      ['As of', `${utc(found.as_of)} UTC`],
    ]);
    return EXIT.ok;
  },
});

function sumOf(wholeNumbers: readonly string[]): string {
  return wholeNumbers.reduce((sum, one) => sum + BigInt(one), 0n).toString();
}
