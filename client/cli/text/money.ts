/**
 * How many decimal places a currency's minor unit has, where it is not two (ISO 4217, list one). Node's own table follows
 * usage instead, in which some currencies have lost theirs.
 */
const DIGITS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map(digits(0)),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map(digits(3))),
  ...Object.fromEntries('CLF UYW'.split(' ').map(digits(4))),
};

const DIGITS_OF_MOST = 2;

/** A decimal text in groups of three: `1234567` is `1,234,567`. */
export function grouped(wholeNumber: string): string {
  return wholeNumber.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/**
 * Minor units as people write money: `-123456` is `-1,234.56` in USD. It never becomes a JavaScript number.
 * @param minor a decimal text, as the API gives it; what is none is given back as it is
 */
export function moneyOf(minor: string, currency: string): string {
  const [, sign = '', digitsOfIt] = /^(-?)(\d+)$/.exec(minor) ?? [];
  if (digitsOfIt === undefined) return minor;
  const places = DIGITS[currency] ?? DIGITS_OF_MOST;
  const padded = digitsOfIt.padStart(places + 1, '0');
  const whole = grouped(padded.slice(0, padded.length - places));
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${padded.slice(-places)}`;
}

function digits(places: number) {
  return (code: string) => [code, places] as const;
}
