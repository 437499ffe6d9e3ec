import { Random } from '../../simulation/random.ts';
import { addTenants } from '../../support/config.ts';
import { startStack } from '../../support/stack.ts';
import { checkApi } from './api-check.ts';
import { checkBooks, settle, type Verdict } from './books.ts';
import { Callers } from './callers.ts';
import { Closer } from './closer.ts';
import { Executioner, stackOptions } from './executioner.ts';
import type { KillOptions } from './options.ts';
import { type Kill, nameOf, planKills } from './plan.ts';
import { Sender } from './sender.ts';
import { Tally } from './tally.ts';
import { Traffic, tenants } from './traffic.ts';

type Say = (line: string) => void;

/** Starts a stack, kills by plan while callers send, lets everything settle, and holds the books against the tally. */
export async function runKills(options: KillOptions, say: Say): Promise<Verdict & { data: string }> {
  const startMs = performance.now();
  const seconds = () => Math.round((performance.now() - startMs) / 1_000);
  const startedAt = new Date();
  const random = new Random(`kills/${options.seed}`);
  const stack = await startStack(stackOptions);
  await addTenants(stack, tenants);
  say(`stack ${stack.url}, data folder ${stack.data}, seed ${options.seed}`);
  const tally = new Tally();
  const sender: Sender = new Sender(() => executioner.stack.url);
  const traffic = new Traffic(random.fork('traffic'));
  const callers = new Callers({ traffic, sender, tally });
  const closer = new Closer(sender, tenants, startedAt);
  const executioner = new Executioner(stack, random.fork('victims'), { callers, closer, sender, traffic });
  const done: Kill[] = [];
  const broken: string[] = [];
  const attempt = async (what: string, act: () => Promise<Verdict | undefined>) => {
    try {
      return await act();
    } catch (error) {
      broken.push(`${what} broke off: ${error instanceof Error ? error.stack : error}`);
      return undefined;
    }
  };
  const carryOut = async (kill: Kill) => {
    const { killed, successor } = await executioner.perform(kill);
    done.push(kill);
    const number = String(done.length).padStart(String(options.kills).length);
    const state = `${tally.accepted.size} events, ${tally.duplicates} duplicates, ${tally.conflicts} conflicts`;
    say(`${number}/${options.kills}  ${nameOf(kill).padEnd(30)} ${killed} -> ${successor}  ${state}, ${seconds()} s`);
  };
  await attempt('the load', async () => {
    for (const [index, kill] of planKills(options.kills, random.fork('plan')).entries()) {
      const until = Math.ceil((options.events * (index + 1)) / options.kills);
      await callers.during(until, kill.afterShare, () => carryOut(kill));
    }
    return undefined;
  });
  say(`the load is over after ${seconds()} s: settling`);
  const books = await attempt('the audit', async () => {
    await settle(executioner.stack, tally);
    say(`settled after ${seconds()} s: auditing`);
    return checkBooks(executioner.stack, tally);
  });
  const api = await attempt('asking the API', () => checkApi(sender, tally, { startedAt, closed: closer.closed }));
  await executioner.stack.stop();
  const violations = [
    ...[broken, tally.violations, tally.unfoundedConflicts(), sender.violations, closer.violations].flat(),
    ...[executioner.violations, books?.violations ?? [], api?.violations ?? []].flat(),
  ];
  const figures = {
    ...trafficFigures(tally, sender, { batches: callers.batches, closes: closer.closed.length }),
    ...killFigures(done),
    ...books?.figures,
    ...api?.figures,
    seconds: seconds(),
  };
  return { violations, figures, data: stack.data };
}

function trafficFigures(tally: Tally, sender: Sender, { batches, closes }: { batches: number; closes: number }) {
  const intents = [...tally.accepted.values()];
  const by = (door: string) => intents.filter((intent) => intent.door === door).length;
  return {
    'events accepted': intents.length,
    'signed deliveries': by('webhook'),
    adjustments: by('adjustment'),
    batches,
    'duplicates accepted and charged nothing': tally.duplicates,
    'conflicting payloads refused': tally.conflicts,
    'months closed': closes,
    'requests repeated after no answer, 5xx or 429': sender.retries,
  };
}

/** Kills in all, by target, and by point. */
function killFigures(done: readonly Kill[]): Record<string, number> {
  const figures: Record<string, number> = { kills: done.length };
  const count = (name: string) => {
    figures[name] = (figures[name] ?? 0) + 1;
  };
  for (const target of done.map((kill) => kill.target).sort()) count(`kills of ${target}`);
  const places = done.map((kill) => (kill.kind === 'point' ? kill.point : 'random moments'));
  for (const place of places.sort()) count(`kills at ${place}`);
  return figures;
}
