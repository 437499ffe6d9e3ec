import type { ZerosumClient } from '../client.ts';
import { ZerosumProblem } from '../errors.ts';
import { grouped, moneyOf } from './text/money.ts';

/** The currency of a tenant's books, for amounts that come without one. */
export async function tenantCurrency(client: ZerosumClient): Promise<string> {
  return (await client.balance()).currency;
}

/** The currency of the price book; undefined while there are no prices. */
export async function bookCurrency(client: ZerosumClient): Promise<string | undefined> {
  try {
    const { versions } = await client.prices({ limit: 1 });
    return versions[0]?.currency;
  } catch (error) {
    if (error instanceof ZerosumProblem && error.kind === 'not_found') return undefined;
    throw error;
  }
}

/** An amount for people: `1.00 USD`, or in minor units while no currency is known. */
export function amountText(minor: string, currency: string | undefined): string {
  return currency === undefined ? `${grouped(minor)} minor units` : `${moneyOf(minor, currency)} ${currency}`;
}
