import fc from 'fast-check';
import { signedRequest } from './credential-drafts.ts';
import type { FuzzRun } from './fuzz-run.ts';
import type { Hints } from './json-values.ts';
import { rawCases } from './raw-cases.ts';
import { sendRaw } from './raw-connection.ts';
import { RequestArbitrary } from './request-arbitrary.ts';
import type { DocumentedOperation } from './surface.ts';

/** Requests to one operation before the next has its turn: each seed is one such turn. */
const REQUESTS_PER_TURN = 12;

/** Checking a whole ledger takes as long as everything else. */
const SLOW_REQUESTS_PER_TURN = 2;

/** Making a failing request smaller may go on for long: after this a turn ends. */
const TURN_MS = 5_000;

/** Turns that run at the same time, so that requests also meet each other. */
const CONCURRENCY = 4;

interface DriverOptions {
  readonly seed: number;
  readonly hints: Hints;
  /** When to begin no turn any more, on the clock of `performance.now`. */
  readonly deadlineMs: number;
  /** At most so many rounds of all operations. */
  readonly rounds?: number;
}

/** Methods that no path documents, and one that is every other's header. */
const OTHER_METHODS = ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'GET', 'POST'];

/**
 * Sends requests to every operation of the document until the time is up: by its schemas and against them, with every
 * credential, and past HTTP's own rules. A failing one is made smaller before it is told.
 */
export async function driveFastCheck(run: FuzzRun, options: DriverOptions): Promise<void> {
  const { surface } = run.judge;
  const arbitrary = new RequestArbitrary(surface, options.hints, run.credentials);
  const turns = [
    ...surface.operations.map((operation) => (seed: number) => documentedTurn(run, arbitrary, operation, seed)),
    (seed: number) => methodsTurn(run, seed),
    (seed: number) => rawTurn(run, seed),
    (seed: number) => rawTurn(run, seed + 1),
  ];
  const end = (options.rounds ?? Number.POSITIVE_INFINITY) * turns.length;
  let next = 0;
  const worker = async () => {
    while (next < end && performance.now() < options.deadlineMs) {
      const number = next;
      next += 1;
      await turns[number % turns.length]?.(options.seed + number);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

/** A failing request is one that tells something new, so that making it smaller ends with the smallest. */
function parameters(seed: number, numRuns = REQUESTS_PER_TURN) {
  return { seed, numRuns, interruptAfterTimeLimit: TURN_MS, markInterruptAsFailure: false } as const;
}

async function documentedTurn(run: FuzzRun, arbitrary: RequestArbitrary, operation: DocumentedOperation, seed: number) {
  const property = fc.asyncProperty(arbitrary.of(operation), async ({ request, credential, isValid }) => {
    return !(await run.send(signedRequest(request, credential), isValid));
  });
  const isSlow = operation.path === '/reconcile';
  await fc.check(property, parameters(seed, isSlow ? SLOW_REQUESTS_PER_TURN : REQUESTS_PER_TURN));
}

async function methodsTurn(run: FuzzRun, seed: number) {
  const paths = Object.keys(run.judge.surface.document.paths).map((path) => path.replace(/\{\w+\}/g, 'api:k0'));
  const elsewhere = [
    '/',
    '/nope',
    '/events/a/b',
    '/Balance',
    '/balance.json',
    '/.env',
    '/admin',
    '//',
    '/local',
    '/console/',
  ];
  const request = fc.record({
    method: fc.constantFrom(...OTHER_METHODS),
    target: fc.constantFrom(...paths, ...paths.map((path) => `/local${path}`), ...elsewhere),
    headers: fc.constantFrom<readonly [string, string][]>([], [['authorization', `Bearer ${run.credentials.admin}`]]),
  });
  await fc.check(
    fc.asyncProperty(request, async (one) => !(await run.send(one))),
    parameters(seed),
  );
}

async function rawTurn(run: FuzzRun, seed: number) {
  const [tenant = ''] = run.credentials.tenants.values();
  const property = fc.asyncProperty(rawCases(tenant), async (one) => !(await sendRaw(run, one)));
  await fc.check(property, parameters(seed));
}
