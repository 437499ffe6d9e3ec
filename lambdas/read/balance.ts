import type { TenantId } from '../domain/ids.ts';
import { currencyOf } from './currency.ts';
import type { ReadPorts } from './ports.ts';

/** What the tenant owes: the receivable over all time. What it takes to read does not grow with the months closed. */
export async function balance(tenant: TenantId, ports: ReadPorts): Promise<object> {
  const { totals } = await ports.balances.standing(tenant);
  return { balance_minor: totals.receivable.toString(), currency: await currencyOf(ports) };
}
