import { command } from '../command.ts';
import { amountText } from '../currency.ts';
import { EXIT } from '../exit-codes.ts';

export const balance = command({
  name: 'balance',
  group: 'Reads',
  credential: 'tenant',
  summary: 'Show what the tenant owes',
  description: 'All charges and adjustments ever posted, added up.',
  examples: [
    { line: 'balance', says: 'over all time' },
    { line: 'balance --json', says: 'in minor units, for a program' },
  ],
  async work(client, _given, output) {
    const found = await client.balance();
    if (output.isJson) await output.answer(found);
    else await output.line(amountText(found.balance_minor, found.currency));
    return EXIT.ok;
  },
});
