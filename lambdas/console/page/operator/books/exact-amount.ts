import { decimalsOf } from '../../api/money.ts';

/** What someone wrote: minor units, or what is wrong with it. */
export type WrittenAmount =
  | { readonly minor: bigint; readonly fault?: never }
  | { readonly minor?: never; readonly fault: string };

/**
 * An amount as people write it, `1,234.56`, in minor units, exactly: no number of the language is made on the way. What
 * could mean two things, such as a comma before the cents, is a fault.
 */
export function exactAmount(text: string, currency: string): WrittenAmount {
  if (currency === '') return { fault: 'The prices, which say the currency, have not loaded: load the page again.' };
  const decimals = decimalsOf(currency);
  const written = text.trim();
  if (written === '') return { fault: 'Write an amount.' };
  if (/^[+\-−]/.test(written)) return { fault: 'Write it without a sign: choose credit or charge.' };
  const match = /^(?<whole>\d+|\d{1,3}(?:,\d{3})+)(?:\.(?<part>\d+))?$/.exec(written);
  const { whole, part = '' } = match?.groups ?? {};
  if (whole === undefined) return { fault: `Write it as ${exampleOf(decimals)}.` };
  if (part.length > decimals) return { fault: `${currency} has ${decimals} decimals, not ${part.length}.` };
  const minor = BigInt(whole.replaceAll(',', '') + part.padEnd(decimals, '0'));
  return minor === 0n ? { fault: 'Zero moves nothing.' } : { minor };
}

function exampleOf(decimals: number): string {
  return decimals === 0 ? '1234 or 1,234' : `12 or 1,234.${'5'.padEnd(decimals, '0')}`;
}
