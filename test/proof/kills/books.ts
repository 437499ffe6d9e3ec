import { type Audit, audit, engineClient, scan } from '../../support/audit.ts';
import type { RunningStack } from '../../support/stack.ts';
import { stackMeters } from '../../support/stack-meters.ts';
import { StackQueue } from '../../support/stack-queue.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Tally } from './tally.ts';

/** What dead consumers held is invisible for half a minute, and a sweep doubles its waits from a second on. */
const SETTLE_TIMEOUT_MS = 300_000;
const METERS_TIMEOUT_MS = 120_000;

/** The first of them are enough to start from. */
const NAMED_MAX = 20;

export interface Verdict {
  readonly violations: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/**
 * Sweeps until as much is posted as was accepted and no message is left that could post anything twice; gives up after a
 * while, for the audit says what is missing.
 */
export async function settle(stack: RunningStack, tally: Tally): Promise<void> {
  const queues = ['UsageQueueUsage', 'AdjustmentQueueAdjustments'].map((label) => new StackQueue(stack, label));
  const isSettled = async () => {
    await stack.invoke('Reconcile', {});
    if ((await entryCount(stack)) < tally.accepted.size) return false;
    return (await Promise.all(queues.map((queue) => queue.depth()))).every((depth) => depth === 0);
  };
  await waitFor('every accepted event to settle', isSettled, SETTLE_TIMEOUT_MS).catch(() => undefined);
}

/** Holds every table, read past the product, against what the callers were told. */
export async function checkBooks(stack: RunningStack, tally: Tally): Promise<Verdict> {
  const books = await audit(stack);
  const { violations, figures } = compare(books, tally);
  return {
    violations: [...violations, ...(await meterFaults(stack)), ...(await findingFaults(stack))],
    figures: {
      ...figures,
      'journal pages': books.lanes.reduce((sum, { nextSeq }) => sum + nextSeq - 1, 0),
      'events the sweep sent again': (await findings(stack)).length,
    },
  };
}

/** Every way in which what is charged can differ from what was accepted. */
export function compare(books: Audit, tally: Tally): Verdict {
  const accepted = [...tally.accepted];
  const namesOf = (entries: readonly (readonly [string, unknown])[]) => entries.map(([name]) => name);
  const lost = namesOf(accepted.filter(([name]) => !books.charges.has(name)));
  const twice = namesOf([...books.charges].filter(([, amounts]) => amounts.length > 1));
  const unasked = [...books.charges.keys()].filter((name) => !tally.accepted.has(name));
  const wrong = namesOf(
    accepted.filter(([name, { amountMinor }]) => books.charges.get(name)?.some((charged) => charged !== amountMinor)),
  );
  return {
    violations: [
      ...books.faults,
      ...named('accepted and never charged', lost),
      ...named('charged more than once', twice),
      ...named('charged and never accepted', unasked),
      ...named('charged another amount', wrong),
      ...named('accepted and not in the intake', namesOf(accepted.filter(([name]) => !books.accepted.has(name)))),
      ...named('refused for good', [...books.refused]),
    ],
    figures: {
      lost: lost.length,
      'charged twice': twice.length,
      'charged without acceptance': unasked.length,
      'charged a wrong amount': wrong.length,
    },
  };
}

async function meterFaults(stack: RunningStack): Promise<string[]> {
  const areWhole = async () => {
    const { shown, expected } = await stackMeters(stack);
    return textOf(shown) === textOf(expected);
  };
  try {
    await waitFor('the usage meters to equal the pages', areWhole, METERS_TIMEOUT_MS);
    return [];
  } catch (error) {
    return [String(error)];
  }
}

/** What was still on its way may have been found missing meanwhile; anything else is a false alarm, or a true one. */
async function findingFaults(stack: RunningStack): Promise<string[]> {
  const found = (await findings(stack)).map((item) => String(item['type'])).filter((type) => type !== 'unsettled');
  const operations = await itemsOf(stack, 'Operations');
  const guarded = operations.filter(({ pk }) => pk.startsWith('GUARD#FINDINGS')).map(({ sk }) => sk);
  return [...named('found by a reconciliation', found), ...named('found by the guard', guarded)];
}

async function findings(stack: RunningStack) {
  return (await itemsOf(stack, 'Operations')).filter(({ pk }) => pk.startsWith('FINDING#'));
}

async function entryCount(stack: RunningStack): Promise<number> {
  const heads = (await itemsOf(stack, 'Balances')).filter(({ pk }) => pk.startsWith('H#'));
  return heads.reduce((sum, head) => sum + Number(head['entry_count'] ?? 0), 0);
}

async function itemsOf(stack: RunningStack, table: string) {
  const client = engineClient(stack);
  try {
    return await scan(client, stack.table(table));
  } finally {
    client.destroy();
  }
}

function named(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > NAMED_MAX ? `, and ${names.length - NAMED_MAX} more` : '';
  return [`${what}: ${names.slice(0, NAMED_MAX).join(', ')}${more}`];
}

function textOf(meters: object): string {
  return JSON.stringify(meters, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
