import { command } from '../command.ts';
import { amountText, bookCurrency } from '../currency.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import { keyOf, withKeyOnFailure } from '../idempotency.ts';
import { argument, option } from '../parameters.ts';
import { inert } from '../text/inert.ts';

export const adjust = command({
  name: 'adjust',
  group: 'Administration',
  credential: 'admin',
  summary: 'Credit or charge a tenant by hand',
  description: 'Posted once, however often it is sent with the same --key, into this month or the next open one.',
  arguments: {
    tenant: argument('<tenant>', 'whose books'),
    amount: argument('<amount>', 'in minor units (cents): -25 credits 0.25, 25 charges it'),
  },
  options: {
    reason: option('--reason <text>', 'why, for whoever asks later; it must be given'),
    key: option('--key <key>', 'your own id for it, the same at every try'),
  },
  examples: [
    { line: "adjust tenant_alpha -25 --reason 'Outage on Tuesday' --key outage-1", says: 'a credit of 25 cents' },
  ],
  async work(client, { tenant, amount, reason, key }, output) {
    if (reason === undefined) throw new UsageError('An adjustment needs its reason: give --reason.');
    const body = { tenant, amount_minor: amountOf(amount), reason, idempotency_key: keyOf(key) };
    // Before it is sent: what is accepted must not look like a failure because of a word in its line.
    const currency = output.isJson ? undefined : await bookCurrency(client);
    const accepted = await withKeyOnFailure(body.idempotency_key, output, () => client.adjust(body));
    if (output.isJson) {
      await output.answer(accepted);
      return EXIT.ok;
    }
    const sum = amountText(String(body.amount_minor), currency);
    await output.line(`Accepted as ${inert(accepted.event_id)}: ${sum} for ${inert(tenant)}`);
    return EXIT.ok;
  },
});

function amountOf(text: string): number {
  const amount = Number(text);
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(amount)) return amount;
  throw new UsageError('The amount must be a whole number of minor units (cents), like -25 for a credit of 0.25.');
}
