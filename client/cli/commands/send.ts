import { command } from '../command.ts';
import { requireTenant } from '../credential.ts';
import { tenantCurrency } from '../currency.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import { keyOf, withKeyOnFailure } from '../idempotency.ts';
import { argument, flag, option } from '../parameters.ts';
import { writeReceipt } from '../receipt-facts.ts';
import { settledReceipt } from '../settled.ts';
import { inert } from '../text/inert.ts';

export const send = command({
  name: 'send',
  group: 'Usage in',
  credential: 'tenant',
  summary: 'Report one usage event',
  description:
    'It is charged once, however often it is sent with the same --key. Without --key one is made up, and told if the answer ' +
    'does not come, so that you can send it again.',
  arguments: {
    metric: argument('<metric>', 'what was used: a metric of the price book'),
    quantity: argument('<quantity>', 'how much: a whole number'),
  },
  options: {
    key: option('--key <key>', 'your own id for the event, the same at every try'),
    date: option('--date <timestamp>', 'when it was used, like 2026-11-24T09:30:00Z; without it, now'),
    tenant: option('--tenant <tenant>', "whose usage; needed with an API key, else the token's"),
    wait: flag('--wait', 'until it is posted, and show the receipt'),
  },
  examples: [
    { line: 'send api_call 100 --key first', says: 'a hundred API calls; again: no second charge' },
    { line: 'send storage_gb_hour 8 --wait', says: 'and wait for the receipt' },
  ],
  async work(client, { metric, quantity, key, date, tenant, wait }, output, { connection }) {
    const event = {
      tenant: requireTenant(tenant, connection.token),
      metric,
      quantity: quantityOf(quantity),
      idempotency_key: keyOf(key),
      ...(date !== undefined && { event_date: date }),
    };
    const accepted = await withKeyOnFailure(event.idempotency_key, output, () => client.sendEvent(event));
    if (!wait) {
      if (output.isJson) await output.answer(accepted);
      else await output.line(`Accepted as ${inert(accepted.event_id)}`);
      return EXIT.ok;
    }
    const receipt = await settledReceipt(client, accepted.event_id, output);
    if (output.isJson) await output.answer(receipt);
    else await writeReceipt(receipt, await tenantCurrency(client), output);
    return receipt.status === 'posted' ? EXIT.ok : EXIT.failed;
  },
});

function quantityOf(text: string): number {
  const quantity = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(quantity)) return quantity;
  throw new UsageError('The quantity must be a whole number, like 100.');
}
