import { ZerosumInvalidError } from './errors.ts';

const DECIMAL = /^-?(?:0|[1-9]\d*)$/;

/** An amount in minor units or a quantity, as the API writes it (`"-1250"`), as a bigint: never a JavaScript number. */
export function toBigint(decimal: string): bigint {
  if (!DECIMAL.test(decimal)) throw new ZerosumInvalidError(`"${decimal}" is not a whole number as the API writes it.`);
  return BigInt(decimal);
}

/** A whole number as JSON has it. Throws for one that a JavaScript number does not hold: the API takes none of that size. */
export function toJsonInteger(field: string, value: number | bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && (typeof value === 'number' || BigInt(number) === value)) return number;
  throw new ZerosumInvalidError(`${field} must be a whole number between -(2^53 - 1) and 2^53 - 1, not ${value}.`);
}
