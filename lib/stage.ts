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
  /** How often the sweep looks for accepted events that never settled, and stale closes are taken over. */
  readonly sweepEveryMinutes: number;
  /** An event younger than this is presumed to be on its way still. */
  readonly sweepMinAgeSeconds: number;
  /** How often what is new in the ledger is verified and anchored. */
  readonly verifyEveryMinutes: number;
  /** How often everything is verified from the first page on. */
  readonly verifyAllEveryHours: number;
  /** How long nobody can delete an anchor. */
  readonly anchorRetentionDays: number;
  /** Requests of one tenant in one window of ten seconds; the next gets a 429. */
  readonly requestsPerWindow: number;
  /** Origins such as `https://app.example.com` whose pages may call the API from a browser. */
  readonly corsOrigins: readonly string[];
}

/** A run that is not done by then goes on in a message of its own. */
export const RECONCILE_TIMEOUT_SECONDS = 60;

/** A tenant's lanes take about 3,200 lone events a second (design of the lanes): below that, a burst does no harm. */
const REQUESTS_PER_WINDOW = 10_000;

const cloud = {
  bundleTarget: 'node24',
  consumerTimeoutSeconds: 30,
  sweepEveryMinutes: 5,
  sweepMinAgeSeconds: 600,
  verifyEveryMinutes: 60,
  verifyAllEveryHours: 24,
  requestsPerWindow: REQUESTS_PER_WINDOW,
  corsOrigins: [],
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
    verifyEveryMinutes: 5,
    verifyAllEveryHours: 24,
    anchorRetentionDays: 1,
    requestsPerWindow: REQUESTS_PER_WINDOW,
    corsOrigins: [],
  },
  dev: { name: 'dev', keepsData: false, anchorRetentionDays: 1, ...cloud },
  // Ten years: the longest that tax law commonly asks a company to keep its books.
  prod: { name: 'prod', keepsData: true, anchorRetentionDays: 3_653, ...cloud },
} as const satisfies Record<Stage['name'], Stage>;

/** The stage a person named with `-c stage=`; throws a sentence that lists the choices. */
export function parseStageName(name: unknown): Stage['name'] {
  if (typeof name === 'string' && Object.hasOwn(stages, name)) return name as Stage['name'];
  throw new Error(`Unknown stage ${JSON.stringify(name)}: pass -c stage=${Object.keys(stages).join(' or -c stage=')}.`);
}
