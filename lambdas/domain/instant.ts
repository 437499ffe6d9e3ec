import type { Branded } from './brand.ts';

/**
 * A moment as normalised RFC 3339 text in UTC: `Z`, milliseconds always, finer digits without trailing zeros. Two
 * spellings of one moment are one instant. A clock's readings all have milliseconds, so they sort as text.
 */
export type Instant = Branded<string, 'Instant'>;

/** Longer fractions than nanoseconds come from no clock. */
const FRACTION_MAX_DIGITS = 9;

const RFC_3339 = new RegExp(
  `^(\\d{4})-(\\d{2})-(\\d{2})[Tt](\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,${FRACTION_MAX_DIGITS}}))?(?:[Zz]|([+-])(\\d{2}):(\\d{2}))$`,
);

const MILLISECOND_DIGITS = 3;
const WHOLE_SECONDS_CHARS = 'YYYY-MM-DDTHH:MM:SS'.length;
const MS_PER_MINUTE = 60_000;

/** The instant a full RFC 3339 timestamp names, or undefined when it is malformed or no real date (30 February). */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
    fraction = '',
    sign,
    oh = '0',
    om = '0',
  ] = match;
  const whole = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const localMs = Date.parse(`${whole}Z`);
  // Date.parse rolls some impossible dates over (and reads 24:00:00): only a text that comes back the same is a date.
  if (Number.isNaN(localMs) || new Date(localMs).toISOString().slice(0, whole.length) !== whole) return undefined;
  if (Number(oh) > 23 || Number(om) > 59) return undefined;
  const offsetMinutes = (Number(oh) * 60 + Number(om)) * (sign === '-' ? -1 : 1);
  return format(localMs - offsetMinutes * MS_PER_MINUTE, fraction);
}

/** The instant of a clock's reading in milliseconds since 1970. */
export function instantOf(epochMs: number): Instant {
  return new Date(epochMs).toISOString() as Instant;
}

/** Milliseconds since 1970, digits below dropped. */
export function epochMsOf(instant: Instant): number {
  return Date.parse(instant);
}

/** The same moment one UTC year before, to the millisecond; 29 February has none, so it is 1 March. */
export function yearBefore(instant: Instant): Instant {
  const date = new Date(epochMsOf(instant));
  date.setUTCFullYear(date.getUTCFullYear() - 1);
  return date.toISOString() as Instant;
}

/** Whether `left` lies after `right`; below the millisecond the text decides. */
export function isAfter(left: Instant, right: Instant): boolean {
  return compareInstants(left, right) > 0;
}

/** Negative, zero or positive, as `Array.sort` wants it. */
export function compareInstants(left: Instant, right: Instant): number {
  const [leftKey, rightKey] = [sortKey(left), sortKey(right)];
  return leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : 0;
}

/** The same moment with all nine digits of its fraction, so that texts sort as moments do. */
function sortKey(instant: Instant): string {
  const [whole = '', fraction = ''] = instant.slice(0, -1).split('.');
  return `${whole}.${fraction.padEnd(FRACTION_MAX_DIGITS, '0')}`;
}

function format(epochMs: number, fraction: string): Instant | undefined {
  const iso = new Date(epochMs).toISOString();
  // An offset can push the year below 0000 or over 9999, where ISO texts change their form.
  if (iso.length !== 'YYYY-MM-DDTHH:MM:SS.mmmZ'.length) return undefined;
  const digits = fraction.replace(/0+$/, '').padEnd(MILLISECOND_DIGITS, '0');
  return `${iso.slice(0, WHOLE_SECONDS_CHARS)}.${digits}Z` as Instant;
}
