/**
 * Every setting in which two stages differ, in one typed place. `local` is the embedded stack, `dev` an account or an
 * emulator that may be thrown away, `prod` the one customers pay through.
 */
export interface Stage {
  readonly name: 'local' | 'dev' | 'prod';
  /** Whether tables survive `cdk destroy` and refuse to be deleted. */
  readonly keepsData: boolean;
  /** What esbuild compiles for: Lambda's Node, or the oldest Node the embedded stack runs on. */
  readonly bundleTarget: 'node24' | 'node20';
  readonly consumerTimeoutSeconds: number;
  /** How often the sweep looks for accepted events that never settled. */
  readonly sweepEveryMinutes: number;
  /** An event younger than this is presumed to be on its way still. */
  readonly sweepMinAgeSeconds: number;
}

const cloud = {
  bundleTarget: 'node24',
  consumerTimeoutSeconds: 30,
  sweepEveryMinutes: 5,
  sweepMinAgeSeconds: 600,
} as const;

export const stages = {
  // A short timeout keeps a killed consumer's messages invisible for seconds, not minutes (visibility is six timeouts).
  local: {
    name: 'local',
    keepsData: false,
    bundleTarget: 'node20',
    consumerTimeoutSeconds: 5,
    sweepEveryMinutes: 1,
    sweepMinAgeSeconds: 60,
  },
  dev: { name: 'dev', keepsData: false, ...cloud },
  prod: { name: 'prod', keepsData: true, ...cloud },
} as const satisfies Record<Stage['name'], Stage>;

/** The stage a person named with `-c stage=`; throws a sentence that lists the choices. */
export function parseStageName(name: unknown): Stage['name'] {
  if (typeof name === 'string' && Object.hasOwn(stages, name)) return name as Stage['name'];
  throw new Error(`Unknown stage ${JSON.stringify(name)}: pass -c stage=${Object.keys(stages).join(' or -c stage=')}.`);
}
