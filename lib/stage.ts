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
  readonly concurrency: Concurrency;
  /** What API Gateway lets through to the whole API, by a token bucket; the next gets a 429. */
  readonly throttle: { readonly requestsPerSecond: number; readonly burst: number };
  /** A firewall in front of the API, if any. */
  readonly firewall: Firewall | undefined;
  /** Whether a new version of a function gets a tenth of its traffic first, and is taken back when an alarm goes off. */
  readonly releasesGradually: boolean;
  /** Every alarm, or those about money alone, which cost less than a dollar a month. */
  readonly alarms: 'all' | 'money';
  /** Two of them, at $3 a month each. */
  readonly hasDashboards: boolean;
}

/**
 * How much may run at once. A mapping's maximum takes nothing from the account's pool; a reservation does, and keeps at
 * the same time a floor and a ceiling. Undefined: no limit but the account's, or the machine's.
 */
interface Concurrency {
  /** Batches of usage.fifo at once. */
  readonly usageBatches: number | undefined;
  /** Batches of adjustments.fifo at once. */
  readonly adjustmentBatches: number | undefined;
  /** Reconciliation runs that go on at once. */
  readonly reconcileRuns: number | undefined;
  readonly consumerReserved: number | undefined;
  readonly guardReserved: number | undefined;
}

interface Firewall {
  /** Requests of one address in five minutes; the next gets a 403. */
  readonly requestsPerAddress: number;
}

/** A run that is not done by then goes on in a message of its own. */
export const RECONCILE_TIMEOUT_SECONDS = 60;

/** A tenant's lanes take about 3,200 lone events a second (design of the lanes): below that, a burst does no harm. */
const REQUESTS_PER_WINDOW = 10_000;

const TEN_SECOND_WINDOWS_IN_FIVE_MINUTES = 30;

const cloud = {
  bundleTarget: 'node24',
  consumerTimeoutSeconds: 30,
  sweepEveryMinutes: 5,
  sweepMinAgeSeconds: 600,
  verifyEveryMinutes: 60,
  // It reads every event ever kept, so its price grows for ever: daily it would cost several times the writes
  // (docs/cost.md). What is new is verified within the hour, and an edit of what is old is seen by the guard at once.
  verifyAllEveryHours: 7 * 24,
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
    // The embedded stack sizes its pools by the machine's processors.
    concurrency: {
      usageBatches: undefined,
      adjustmentBatches: undefined,
      reconcileRuns: undefined,
      consumerReserved: undefined,
      guardReserved: undefined,
    },
    throttle: { requestsPerSecond: 10_000, burst: 5_000 },
    firewall: undefined,
    releasesGradually: false,
    alarms: 'all',
    hasDashboards: true,
  },
  dev: {
    name: 'dev',
    keepsData: false,
    anchorRetentionDays: 1,
    ...cloud,
    // A new account runs ten functions at once, of which nothing can be reserved: these leave four for requests and streams.
    concurrency: {
      usageBatches: 2,
      adjustmentBatches: 2,
      reconcileRuns: 2,
      consumerReserved: undefined,
      guardReserved: undefined,
    },
    // A program that runs wild in a developer's account costs cents, not a salary.
    throttle: { requestsPerSecond: 1_000, burst: 500 },
    firewall: undefined,
    releasesGradually: false,
    alarms: 'money',
    hasDashboards: false,
  },
  prod: {
    name: 'prod',
    keepsData: true,
    // Ten years: the longest that tax law commonly asks a company to keep its books.
    anchorRetentionDays: 3_653,
    ...cloud,
    concurrency: {
      // A batch is one transaction of some 50 ms: 4,000 a second, far above what the tables take by default.
      usageBatches: 200,
      // Administrators are few; a flood of usage must still leave their adjustments room.
      adjustmentBatches: 20,
      reconcileRuns: 5,
      // Both mappings' maxima: no flood of requests keeps what was accepted from being posted.
      consumerReserved: 220,
      // A shard of a stream each: an edit of the ledger is reported even while everything else is throttled.
      guardReserved: 20,
    },
    // API Gateway's default for an account and region: more has to be asked for.
    throttle: { requestsPerSecond: 10_000, burst: 5_000 },
    // Whatever one tenant may do may come from one address.
    firewall: { requestsPerAddress: REQUESTS_PER_WINDOW * TEN_SECOND_WINDOWS_IN_FIVE_MINUTES },
    releasesGradually: true,
    alarms: 'all',
    hasDashboards: true,
  },
} as const satisfies Record<Stage['name'], Stage>;

/** The stage a person named with `-c stage=`; throws a sentence that lists the choices. */
export function parseStageName(name: unknown): Stage['name'] {
  if (typeof name === 'string' && Object.hasOwn(stages, name)) return name as Stage['name'];
  throw new Error(`Unknown stage ${JSON.stringify(name)}: pass -c stage=${Object.keys(stages).join(' or -c stage=')}.`);
}
