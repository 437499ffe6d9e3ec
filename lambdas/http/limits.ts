/**
 * Every limit of the HTTP surface. What a field may hold is the domain's: ids and metrics in `domain/ids.ts`, quantities in
 * `domain/money.ts`, dates in `domain/window.ts`.
 */

const KIB = 1_024;

/** An SQS message of that size was the first limit users met, and no single event comes near it. */
export const BODY_MAX_BYTES = 256 * KIB;

/** A thousand events of 4 KiB. Base64 makes it 5.6 MiB, which with its event still fits Lambda's 6 MB. */
export const BATCH_BODY_MAX_BYTES = 4 * KIB * KIB;

/** Ten intake transactions: they fit a request's time many times over, and a client loses little by a lost answer. */
export const BATCH_EVENTS_MAX = 1_000;

/** A page of a thousand lines stays far below the 6 MB that Lambda may answer. */
export const STATEMENT_LINES_MAX = 1_000;

/** A page of entries that each name a hundred events stays below the 6 MB that Lambda may answer. */
export const AUDIT_ENTRIES_MAX = 200;

/** A page of names, each at its longest, stays far below the 6 MB that Lambda may answer. */
export const TENANTS_MAX = 1_000;

/** Every function keeps all versions in memory and reads them again twice a minute: a version should stay small. */
export const PRICE_METRICS_MAX = 500;

/** Versions at their largest, every character of a metric escaped, stay below the 6 MB that Lambda may answer. */
export const PRICE_VERSIONS_MAX = 20;

/** DynamoDB's limit for one BatchGetItem, in which a page is read. */
export const DEAD_LETTERS_MAX = 100;

/** What a page has that was not asked for a size: a screenful, in half of a page's reads. */
export const DEAD_LETTERS_DEFAULT = 50;

/** Each is a few reads and writes: so many are done in seconds. */
export const REDRIVE_EVENTS_MAX = 100;

/** How far a webhook's timestamp may lie from our clock, both ways: what Standard Webhooks and most senders use. */
export const WEBHOOK_TOLERANCE_SECONDS = 300;

/** More signatures than any rotation needs in one header: each costs two comparisons. */
export const WEBHOOK_SIGNATURES_MAX = 16;

/** A revoked key, or a secret that was rotated out, must stop within seconds; until then its reads are saved. */
export const KEY_CACHE_MS = 5_000;

/** More keys of one kind than are used at one process in five seconds. */
export const CACHED_KEYS_MAX = 1_000;

/** Ids of no key that a process remembers: enough for callers who go on with a revoked one; made-up ones come once. */
export const UNKNOWN_KEYS_MAX = 100;

/** A page of so many keys stays below a tenth of the 6 MB that Lambda may answer. */
export const KEYS_MAX = 200;

/** How long a rotated secret stays valid unless told otherwise: a day, for people in every time zone to change over. */
export const KEY_OVERLAP_DEFAULT_SECONDS = 86_400;

/** Thirty days: whoever needs longer to change a secret does not change it. */
export const KEY_OVERLAP_MAX_SECONDS = 2_592_000;

/** Requests are counted in windows of this length: short enough to wait for, long enough that counting is rare. */
export const RATE_WINDOW_SECONDS = 10;

/** Requests that a process counts ahead, so that a busy tenant costs one write for twenty requests. */
export const RATE_LEASE_MAX = 20;

/** A lease is at most this part of the limit, since what an idle process holds of it the tenant can't use elsewhere. */
export const RATE_LEASES_PER_LIMIT = 40;

/** How long a caller should wait after a 429 or a 503 that leaves no better hint. */
export const RETRY_AFTER_SECONDS = 1;

/** How long a browser may rely on a preflight: two hours, the longest that Chromium takes. */
export const PREFLIGHT_MAX_AGE_SECONDS = 7_200;
