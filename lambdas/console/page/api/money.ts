/**
 * An amount as people write it: `−1,234.56 USD`, or in minor units while the currency, and with it where the point
 * belongs, is not known. Amounts are decimal strings; a JavaScript number is not money.
 */
export function formatMinor(amountMinor: string | bigint, currency = ''): string {
  const amount = BigInt(amountMinor);
  const [sign, units] = amount < 0n ? ['−', -amount] : ['', amount];
  const decimals = decimalsOf(currency);
  const scale = 10n ** BigInt(decimals);
  const whole = (units / scale).toLocaleString('en');
  const part = decimals === 0 ? '' : `.${(units % scale).toString().padStart(decimals, '0')}`;
  return `${sign}${whole}${part} ${currency || 'minor units'}`;
}

/** A quantity with its thousands apart. */
export function formatQuantity(quantity: string | number | bigint): string {
  return BigInt(quantity).toLocaleString('en');
}

/** How many decimals a currency has (ISO 4217, as the browser knows it); two where it does not, and none of no currency. */
export function decimalsOf(currency: string): number {
  if (currency === '') return 0;
  try {
    const options = { style: 'currency', currency } as const;
    return new Intl.NumberFormat('en', options).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}
