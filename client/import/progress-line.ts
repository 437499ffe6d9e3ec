import { grouped } from '../cli/text/money.ts';

/** What a line of progress tells. */
export interface ProgressView {
  readonly rows: number;
  readonly rejected: number;
  /** 0 to 1; undefined when nobody knows how much there is. */
  readonly part: number | undefined;
  readonly rowsPerSecond: number;
  readonly secondsLeft: number | undefined;
  readonly isBusy: boolean;
}

const BAR_CHARS = 24;
const PERCENT = 100;
const MINUTE = 60;
const HOUR = 3_600;

/** A line of progress, with a bar when there is room for one. */
export function progressLine(view: ProgressView, hasBar: boolean): string {
  const { rows, rejected, part, rowsPerSecond, secondsLeft, isBusy } = view;
  const done = Math.round((part ?? 0) * BAR_CHARS);
  const parts = [
    ...(part === undefined ? [] : [`${String(Math.floor(part * PERCENT)).padStart(3)}%`]),
    ...(part === undefined || !hasBar ? [] : [`[${'#'.repeat(done)}${'-'.repeat(BAR_CHARS - done)}]`]),
    `${grouped(String(rows))} rows`,
    `${grouped(String(Math.round(rowsPerSecond)))}/s`,
    ...(secondsLeft === undefined ? [] : [`ETA ${clock(secondsLeft)}`]),
    ...(rejected === 0 ? [] : [`${grouped(String(rejected))} rejected`]),
    ...(isBusy ? ['waiting for the service'] : []),
  ];
  return parts.join('  ');
}

/** `0:07`, `12:30`, `1:02:03`. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / HOUR), Math.floor((whole % HOUR) / MINUTE)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % MINUTE)}` : `${minutes}:${two(whole % MINUTE)}`;
}
