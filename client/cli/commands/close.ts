import { command } from '../command.ts';
import { bookCurrency } from '../currency.ts';
import { EXIT } from '../exit-codes.ts';
import { argument, argumentMonth, flag } from '../parameters.ts';
import { inert } from '../text/inert.ts';
import { writeTrialBalance } from '../trial-balance-table.ts';

export const close = command({
  name: 'close',
  group: 'Administration',
  credential: 'admin',
  summary: "Close a tenant's month, for ever",
  description:
    'What it came to is sealed, and usage that comes late books into the next open month. It shows what will be sealed and ' +
    'asks you to type yes.',
  arguments: {
    tenant: argument('<tenant>', 'whose books'),
    period: argumentMonth('<period>', 'the UTC month, like 2026-10: at the latest next month'),
  },
  options: { yes: flag('--yes', 'do not ask; needed where there is no terminal') },
  examples: [{ line: 'close tenant_alpha 2026-10 --yes', says: 'close October' }],
  async work(client, { tenant, period, yes }, output, session) {
    if (!output.isJson) {
      const query = { tenant, period };
      const [books, currency] = await Promise.all([client.trialBalance(query), bookCurrency(client)]);
      await writeTrialBalance(books, currency, output);
      await output.line();
    }
    const month = `${period} of ${inert(tenant)}`;
    if (!(await session.confirm(`Close ${month}? This can not be undone.`, yes))) {
      output.note('Nothing was closed.');
      return EXIT.failed;
    }
    const closed = await client.closePeriod({ tenant, period });
    if (output.isJson) await output.answer(closed);
    else await output.line(`Closed ${month}`);
    return EXIT.ok;
  },
});
