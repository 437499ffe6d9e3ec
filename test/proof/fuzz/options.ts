import { parseArgs } from 'node:util';

export const usage = `npm run fuzz -- [options]

  --seconds N     how long to fuzz; 60 unless told
  --seed N        where chance begins; drawn unless told
  --driver NAME   schemathesis, fast-check, or auto: both, where Python is available
  --report FILE   writes what was done and found as JSON
  --help          prints this
`;

const DRIVERS = ['auto', 'schemathesis', 'fast-check'] as const;
const DEFAULT_SECONDS = 60;

export interface FuzzOptions {
  readonly seconds: number;
  readonly seed: number | undefined;
  readonly driver: (typeof DRIVERS)[number];
  readonly report: string | undefined;
  readonly help: boolean;
}

/** Throws a sentence that names the argument it cannot use. */
export function readFuzzOptions(args: readonly string[]): FuzzOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: text, seed: text, driver: text, report: text, help: { type: 'boolean', default: false } },
  });
  const driver = DRIVERS.find((name) => name === (values.driver ?? 'auto'));
  if (driver === undefined) throw new Error(`--driver is ${values.driver}: give ${DRIVERS.join(', ')}.`);
  return {
    seconds: readNumber('--seconds', values.seconds) ?? DEFAULT_SECONDS,
    seed: readNumber('--seed', values.seed),
    ...{ driver, report: values.report, help: values.help },
  };
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`${name} is ${JSON.stringify(text)}: give a whole number from 1.`);
}
