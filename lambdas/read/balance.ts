import type { TenantId } from '../domain/ids.ts';
import { sum } from '../domain/money.ts';
import { currencyOf } from './currency.ts';
import type { ReadPorts } from './ports.ts';

/** What the tenant owes: the receivable over all time, from the lane heads that every posting moves with it. */
export async function balance(tenant: TenantId, ports: ReadPorts): Promise<object> {
  const heads = await ports.balances.heads(tenant);
  const total = sum(heads.map((head) => head.totals.receivable));
  return { balance_minor: total.toString(), currency: await currencyOf(ports) };
}
