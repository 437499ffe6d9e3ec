import type { CrashPoint } from '../../../lambdas/crash-point.ts';
import type { Random } from '../../simulation/random.ts';
import type { EngineRole } from '../../support/kills.ts';

export type FunctionName = 'Ingest' | 'Consumer' | 'Reconcile' | 'Admin' | 'Projector' | 'Guard';

const ENGINES: readonly EngineRole[] = ['dynamodb', 'sqs', 's3'];

export type Target = FunctionName | EngineRole | 'stack';

/** A kill, and the part of its share of the load that is accepted before it comes. */
export type Kill = { readonly afterShare: number } & (
  | { readonly kind: 'point'; readonly target: FunctionName; readonly point: CrashPoint }
  /** At any moment: so many milliseconds into whatever the target is then made to do. */
  | { readonly kind: 'random'; readonly target: Target; readonly delayMs: number }
);

/** Whose process dies at each named point: all there are, or this does not compile. */
export const functionAt: Readonly<Record<CrashPoint, FunctionName>> = {
  'ingest:before-intake': 'Ingest',
  'ingest:after-intake': 'Ingest',
  'ingest:after-send': 'Ingest',
  'adjustment:after-intake': 'Admin',
  'adjustment:after-send': 'Admin',
  'consumer:before-commit': 'Consumer',
  'consumer:after-commit': 'Consumer',
  'consumer:before-acknowledge': 'Consumer',
  'admin:after-claim': 'Admin',
  'admin:after-gate': 'Admin',
  'admin:before-seal': 'Admin',
  'admin:after-seal': 'Admin',
  'reconcile:before-send': 'Reconcile',
  'reconcile:after-send': 'Reconcile',
  'reconcile:before-watermark': 'Reconcile',
  'reconcile:between-steps': 'Reconcile',
  'projector:after-meter': 'Projector',
  'projector:before-cursor': 'Projector',
  'projector:before-acknowledge': 'Projector',
  'projector:after-rebuilt-meter': 'Projector',
  'projector:before-generation': 'Projector',
};

/** Kills at any moment in a round: most where events are on their way, a few of what costs seconds to start again. */
const randomKills: Readonly<Record<Target, number>> = {
  Ingest: 3,
  Consumer: 4,
  Reconcile: 2,
  Admin: 1,
  Projector: 1,
  Guard: 1,
  sqs: 2,
  dynamodb: 4,
  s3: 1,
  stack: 1,
};

/** Where a sweep sends: it has something to send once the queue engine has died and forgotten it. */
const AFTER_LOSS: ReadonlySet<CrashPoint> = new Set(['reconcile:before-send', 'reconcile:after-send']);

/** The latest start: the rest of the load must still be there when the point is armed. */
const LATEST_SHARE = 0.6;
const LATEST_MS = 300;

/**
 * So many deaths of one engine, each within seconds of the one before, and the stack takes it for broken; so many kills
 * together take longer than that.
 */
const TOO_OFTEN = 5;
const WITHIN = 20;

/**
 * Which kills come in which order, by the random source alone. They come in rounds, each in an order of its own: every
 * named point once, every target some times.
 */
export function planKills(count: number, random: Random): Kill[] {
  let kills: readonly Kill[] = [];
  while (kills.length < count) {
    const longer = [...kills, ...shuffled(round(random), random).flat()];
    if (!overtaxesEngine(longer)) kills = longer;
  }
  return kills.slice(0, count);
}

/** Whether an engine dies so often within so few kills that the stack could take it for broken. */
export function overtaxesEngine(kills: readonly Kill[]): boolean {
  return ENGINES.some((engine) => {
    const deaths = kills.flatMap(({ target }, place) => (target === engine ? [place] : []));
    return deaths.some((first, index) => (deaths[index + TOO_OFTEN - 1] ?? Number.POSITIVE_INFINITY) < first + WITHIN);
  });
}

export function nameOf(kill: Kill): string {
  return kill.kind === 'point' ? kill.point : `${kill.target} at random`;
}

/** Kills that follow each other stand together. */
function round(random: Random): Kill[][] {
  const atRandom = (target: Target): Kill => ({
    ...{ kind: 'random', target, afterShare: random.next() * LATEST_SHARE },
    delayMs: random.integer(0, LATEST_MS),
  });
  const points = Object.entries(functionAt) as [CrashPoint, FunctionName][];
  const targets = Object.entries(randomKills) as [Target, number][];
  return [
    ...points.map(([point, target]): Kill[] => [
      ...(AFTER_LOSS.has(point) ? [atRandom('sqs')] : []),
      { kind: 'point', target, point, afterShare: random.next() * LATEST_SHARE },
    ]),
    ...targets.flatMap(([target, times]) => Array.from({ length: times }, () => [atRandom(target)])),
  ];
}

/** Fisher and Yates's shuffle. */
function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random.integer(0, left.length - 1), 1));
}
