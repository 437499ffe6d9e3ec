import { invalid } from './refusals.ts';

/** A number of DynamoDB: coefficient * 10^exponent, exact. */
interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** "Supported data types and naming rules", Numbers: 38 digits, and magnitudes from 1E-130 to 9.99E+125. */
const DIGITS_MAX = 38;
const MAGNITUDE_MIN = -130;
const MAGNITUDE_MAX = 125;

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** What most numbers are, and already as DynamoDB writes them. */
const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,37})$/;

export function compareDecimals(one: string, other: string): number {
  if (one === other) return 0;
  const [left, right] = aligned(decimalOf(one), decimalOf(other));
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The exact sum, or difference; throws a ValidationException for one that DynamoDB can't hold. */
export function addDecimals(one: string, other: string, sign: 1n | -1n = 1n): string {
  const [first, second] = [decimalOf(one), decimalOf(other)];
  const [left, right] = aligned(first, second);
  return textOf({ coefficient: left + sign * right, exponent: Math.min(first.exponent, second.exponent) });
}

/** A number as DynamoDB gives it back: no needless zeros, no exponent. Throws a ValidationException for none or too long a one. */
export function canonical(text: string): string {
  return PLAIN_INTEGER.test(text) ? text : textOf(decimalOf(text));
}

function decimalOf(text: string): Decimal {
  if (PLAIN_INTEGER.test(text)) return { coefficient: BigInt(text), exponent: 0 };
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = FORM.exec(text) ?? [];
  if (whole === '' && fraction === '') {
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const coefficient = BigInt(whole + fraction);
  return { coefficient: sign === '-' ? -coefficient : coefficient, exponent: Number(exponent) - fraction.length };
}

function aligned(one: Decimal, other: Decimal): [bigint, bigint] {
  const exponent = Math.min(one.exponent, other.exponent);
  return [scaled(one, exponent), scaled(other, exponent)];
}

function scaled({ coefficient, exponent }: Decimal, to: number): bigint {
  return exponent === to ? coefficient : coefficient * 10n ** BigInt(exponent - to);
}

function textOf({ coefficient, exponent }: Decimal): string {
  if (coefficient === 0n) return '0';
  const sign = coefficient < 0n ? '-' : '';
  const all = String(coefficient < 0n ? -coefficient : coefficient);
  const digits = all.replace(/0+$/, '');
  const scale = exponent + all.length - digits.length;
  if (digits.length > DIGITS_MAX) throw invalid('Attempting to store more than 38 significant digits in a Number');
  const magnitude = digits.length + scale - 1;
  if (magnitude > MAGNITUDE_MAX) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < MAGNITUDE_MIN) {
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (scale >= 0) return sign + digits + '0'.repeat(scale);
  const padded = digits.padStart(1 - scale, '0');
  return `${sign}${padded.slice(0, scale)}.${padded.slice(scale)}`;
}
