import { formatMinor } from '../api/money.ts';

/** An amount in a currency. */
export function Money({ minor, currency = '' }: { readonly minor: string | bigint; readonly currency?: string }) {
  return <span class="money">{formatMinor(minor, currency)}</span>;
}
