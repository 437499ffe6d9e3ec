import { beforeEach, describe, expect, it } from 'vitest';
import { discrepancyId } from '../../lambdas/domain/discrepancy.ts';
import type { ReconcileRun } from '../../lambdas/domain/reconcile-run.ts';
import { advanceRun, beginRun, LISTED_MAX } from '../../lambdas/reconcile/run/advance-run.ts';
import { continueRun, resumeAbandoned, scheduledRun, work } from '../../lambdas/reconcile/run/continue-runs.ts';
import type { RunPorts } from '../../lambdas/reconcile/run/ports.ts';
import { runDocument } from '../../lambdas/reconcile/run/run-document.ts';
import { intakeKey, markerKey, pageKey, priceBookKey } from '../../lambdas/storage/keys.ts';
import {
  anchoredLaneKey,
  findingKey,
  OPEN_RUNS_PARTITION,
  runFindingKey,
  runKey,
  verifiedLaneKey,
} from '../../lambdas/storage/operations-keys.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { alpha, beta, eventId, laneKey, must } from '../support/events.ts';
import { RunWorld } from '../support/run-world.ts';

const dynamodb = useDynamodb(dynoxide);
const key = laneKey();
const FOREVER = Number.POSITIVE_INFINITY;

let world: RunWorld;

beforeEach(async () => {
  world = await RunWorld.create(dynamodb);
});

describe('a run that is stopped', () => {
  it('goes on in another process after any step, to the same verdict and the same counts', async () => {
    await world.charge(key, [['a1', 'a2'], ['b1'], ['c1']]);
    await world.delete('intake', intakeKey(alpha, eventId('api:b1')));
    const whole = await world.run();
    expect(whole.found.map(({ type }) => type)).toEqual(['missing_intake']);

    const begun = await beginRun('full', undefined, world.ports);
    const saved = async () => must(await world.ports.runs.find(begun.id));
    let run = await saved();
    let steps = 0;
    for (; run.phase !== undefined; steps += 1) {
      // One process dies before it has saved the step, the next one right after.
      await expect(advanceRun(run, dying(world.ports, 'before the save'), FOREVER)).rejects.toThrow('killed');
      expect(await saved()).toEqual(run);
      await expect(advanceRun(run, dying(world.ports, 'after the save'), FOREVER)).rejects.toThrow('killed');
      run = await saved();
    }
    expect(steps).toBeGreaterThan(3);
    expect(run.counts).toEqual({
      ...whole.run.counts,
      anchors: expect.any(Number),
      anchored_heads: expect.any(Number),
    });
    expect(await world.ports.runs.findings(run.id)).toEqual(whole.found);
  });

  it('asks for its next invocation, and takes a message for what it is', async () => {
    await world.charge(key, [['a1']]);
    const run = await work(await beginRun('full', undefined, world.ports), world.ports, world.clock.nowMs());
    expect(run.phase).toBeDefined();
    expect(world.sent.map(({ id }) => id)).toEqual([run.id]);
    await continueRun(run.id, world.ports, FOREVER);
    expect((await world.ports.runs.find(run.id))?.phase).toBeUndefined();
    // A message that comes twice, or too late, changes nothing.
    const done = await world.ports.runs.find(run.id);
    await continueRun(run.id, world.ports, FOREVER);
    expect(await world.ports.runs.find(run.id)).toEqual(done);
  });

  it('is left to the process that has gone on with it', async () => {
    await world.charge(key, [['a1']]);
    const old = await beginRun('full', undefined, world.ports);
    const done = await advanceRun(old, world.ports, FOREVER);
    expect(await advanceRun(old, world.ports, FOREVER)).toEqual(done);
  });

  it('is taken up by the schedule when its message was lost, and not while somebody is at it', async () => {
    const run = await beginRun('full', undefined, world.ports);
    expect(await resumeAbandoned(world.ports, FOREVER)).toBe(0);
    world.clock.advance(120_000);
    expect(await resumeAbandoned(world.ports, FOREVER)).toBe(1);
    expect((await world.ports.runs.find(run.id))?.phase).toBeUndefined();
    expect(await resumeAbandoned(world.ports, FOREVER)).toBe(0);
  });

  it('is not begun again by the schedule while it is under way', async () => {
    const under = await beginRun('full', undefined, world.ports);
    expect((await scheduledRun('full', world.ports, FOREVER)).id).toBe(under.id);
    await advanceRun(under, world.ports, FOREVER);
    expect((await scheduledRun('full', world.ports, FOREVER)).id).not.toBe(under.id);
  });

  it('keeps no other run waiting when it can never go on', async () => {
    // Begun by a build that had another phase.
    const stuck = await beginRun('full', undefined, world.ports);
    await world.ports.runs.save({ ...stuck, phase: 'gone', version: stuck.version + 1 });
    world.clock.advance(1);
    const lost = await beginRun('new', undefined, world.ports);
    world.clock.advance(120_000);
    expect(await resumeAbandoned(world.ports, FOREVER)).toBe(1);
    expect((await world.ports.runs.find(lost.id))?.phase).toBeUndefined();
    expect(world.telemetry.errors).toHaveLength(1);

    expect((await scheduledRun('full', world.ports, FOREVER)).id).toBe(stuck.id);
    world.clock.advance(3_600_000);
    const next = await scheduledRun('full', world.ports, FOREVER);
    expect(next.id).not.toBe(stuck.id);
    expect(next.phase).toBeUndefined();
    expect(await resumeAbandoned(world.ports, FOREVER)).toBe(0);
  });
});

describe('a run that can’t go on', () => {
  const HOURS_MS = 3_600_000;

  it.each([
    ['is of another build', { phase: 'unheard of' }],
    ['is said to have been saved in a time to come', { updated_at: '2099-01-01T00:00:00.000Z' }],
    ['can’t be read', { counts: 'many' }],
    ['has a state that can’t be read', { state: '{' }],
  ])('because it %s keeps the schedule from no other', async (_, changes) => {
    const stuck = await beginRun('full', undefined, world.ports);
    await world.edit('operations', runKey(stuck.id), changes);
    world.clock.advance(HOURS_MS);
    const left = await beginRun('new', undefined, world.ports);
    world.clock.advance(HOURS_MS);

    const next = await scheduledRun('full', world.ports, FOREVER);
    expect(next).toMatchObject({ mode: 'full', phase: undefined });
    expect(next.id).not.toBe(stuck.id);
    await resumeAbandoned(world.ports, FOREVER);
    expect((await world.ports.runs.find(left.id))?.phase).toBeUndefined();
    // Two days later nobody tries any more.
    world.clock.advance(48 * HOURS_MS);
    await resumeAbandoned(world.ports, FOREVER);
    const open: string[] = [];
    for await (const id of world.ports.runs.open()) open.push(id);
    expect(open).toEqual([]);
  });

  it('is listed under its id or not at all', async () => {
    await world.put('operations', { pk: OPEN_RUNS_PARTITION, sk: 'nonsense' });
    expect((await scheduledRun('full', world.ports, FOREVER)).phase).toBeUndefined();
    expect(await resumeAbandoned(world.ports, FOREVER)).toBe(0);
  });
});

describe('a suspect', () => {
  it('that a second look does not see is no finding', async () => {
    await world.charge(key, [['a1']]);
    const record = await world.item('intake', intakeKey(alpha, eventId('api:a1')));
    await world.delete('intake', intakeKey(alpha, eventId('api:a1')));
    const mending: RunPorts = {
      ...world.ports,
      clock: Object.assign(Object.create(world.clock), {
        nowMs: () => world.clock.nowMs(),
        random: () => world.clock.random(),
        sleep: () => world.put('intake', record),
      }),
    };
    const run = await advanceRun(await beginRun('full', undefined, mending), mending, FOREVER);
    expect(run).toMatchObject({ phase: undefined, found: 0 });
    expect(await world.ports.runs.findings(run.id)).toEqual([]);
    expect(world.telemetry.errors).toEqual([]);
  });
});

describe('a run', () => {
  it('is stopped by nothing that it can’t read', async () => {
    await world.charge(key, [['a1', 'a2']]);
    await world.run();
    await world.put('operations', { ...verifiedLaneKey(key), chain: 7n });
    await world.put('operations', { ...anchoredLaneKey(key), anchor_key: 7n });
    await world.put('operations', { ...findingKey('damaged'), first_seen: 'once' });
    await world.edit('config', priceBookKey(1), { unit_prices: 'free' });
    // Past what the price books are remembered for.
    world.clock.advance(60_000);
    const { run, found } = await world.run();
    expect(run.phase).toBeUndefined();
    for (const one of found) await world.put('operations', { ...findingKey(discrepancyId(one)), first_seen: 'once' });
    expect((await world.run()).found).toEqual(found);
    expect(found.map(({ type, eventId: id }) => [type, id]).sort()).toEqual([
      ['unknown_price', 'api:a1'],
      ['unknown_price', 'api:a2'],
    ]);
  });
});

describe('a long lane', () => {
  it('is read through when DynamoDB answers with less than it was asked for', async () => {
    await world.charge(key, [['a1'], ['b1'], ['c1'], ['d1'], ['e1']]);
    for (let seq = 1; seq <= 4; seq += 1) {
      await world.edit('ledger', pageKey(key, seq), { padding: 'x'.repeat(380_000) });
    }
    const { run, found } = await world.run();
    expect(run.counts).toMatchObject({ lanes: 1, pages: 5, entries: 5 });
    expect(found).toEqual([]);
  });

  it.each(['!', '~'])('is read to its end past any number of items that sort as %s does', async (first) => {
    await world.charge(key, [['a1'], ['b1']]);
    const { pk } = pageKey(key, 1);
    for (let item = 0; item < 310; item += 1) await world.put('ledger', { pk, sk: `${first}${item}` });
    const { ledger } = world.ports.evidence;
    const lanePages = ledger.lanePages.bind(ledger);
    let reads = 0;
    ledger.lanePages = (...asked) => {
      reads += 1;
      if (reads > 20) throw new Error('It never ends.');
      return lanePages(...asked);
    };
    const { run } = await world.run();
    expect(run).toMatchObject({ phase: undefined, counts: { lanes: 1, entries: 2 } });
    expect(run.found).toBeGreaterThanOrEqual(310);
  });

  it('of many small pages is read in few steps, and of large pages no more than is held in hand', async () => {
    await world.charge(
      key,
      Array.from({ length: 250 }, (_, index) => [`k${index}`]),
    );
    await world.charge(
      key,
      Array.from({ length: 20 }, (_, page) => Array.from({ length: 90 }, (__, index) => `p${page}e${index}`)),
    );
    const reads: number[] = [];
    const { ledger } = world.ports.evidence;
    const markers = ledger.markers.bind(ledger);
    ledger.markers = (events) => {
      if (events.length > 0) reads.push(events.length);
      return markers(events);
    };
    const { run, found } = await world.run();
    expect(found).toEqual([]);
    expect(run.counts).toMatchObject({ pages: 270, entries: 2_050 });
    expect(reads.length).toBeLessThan(8);
    expect(Math.max(...reads)).toBeLessThan(1_000);
  });
});

describe('a finding', () => {
  it('is kept once, with since when and until when it was seen, until a full run no longer sees it', async () => {
    await world.charge(key, [['a1']]);
    const record = await world.item('intake', intakeKey(alpha, eventId('api:a1')));
    await world.delete('intake', intakeKey(alpha, eventId('api:a1')));
    const first = await world.run();
    world.clock.advance(3_600_000);
    const second = await world.run();
    const [found] = second.found;
    const history = await world.item('operations', findingKey(discrepancyId(must(found))));
    expect(history).toMatchObject({ type: 'missing_intake', first_seen_by: first.run.id, last_seen_by: second.run.id });
    expect(String(history['first_seen']) < String(history['last_seen'])).toBe(true);
    expect(history['cleared_at']).toBeUndefined();

    await world.put('intake', record);
    world.clock.advance(3_600_000);
    await world.run('full', beta);
    expect((await world.item('operations', findingKey(discrepancyId(must(found)))))['cleared_at']).toBeUndefined();
    await world.run();
    expect((await world.item('operations', findingKey(discrepancyId(must(found)))))['cleared_at']).toBeDefined();
  });

  it('that was removed from its run’s list, or damaged, does not make the run one without', async () => {
    await world.charge(key, [['a1', 'a2']]);
    for (const name of ['a1', 'a2']) await world.delete('intake', intakeKey(alpha, eventId(`api:${name}`)));
    const { run, found } = await world.run();
    const [first, second] = found.map((one) => runFindingKey(run.id, discrepancyId(one)));
    await world.delete('operations', must(first));
    await world.edit('operations', must(second), { type: 'nothing' });
    const document = await runDocument(run, world.ports);
    expect(document).toMatchObject({ ok: false, discrepancies: [], discrepancies_found: 2 });
  });

  it('is one of a bounded list; of the rest the number is told', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `k${String(index).padStart(3, '0')}`);
    for (let start = 0; start < names.length; start += 75) await world.charge(key, [names.slice(start, start + 75)]);
    await Promise.all(names.map((name) => world.delete('ledger', markerKey(alpha, eventId(`api:${name}`)))));
    const { run, found } = await world.run();
    expect(found.length).toBeLessThanOrEqual(LISTED_MAX);
    expect(found.length).toBeGreaterThan(LISTED_MAX / 2);
    const document = await runDocument(run, world.ports);
    expect(document).toMatchObject({ ok: false, discrepancies_found: run.found });
    expect(run.found).toBeGreaterThanOrEqual(names.length);
  });
});

/** A process that dies at its first save. */
function dying(ports: RunPorts, when: 'before the save' | 'after the save'): RunPorts {
  const { runs } = ports;
  const save = async (run: ReconcileRun): Promise<boolean> => {
    if (when === 'after the save') await runs.save(run);
    throw new Error('killed');
  };
  return { ...ports, runs: { ...methodsOf(runs), save } };
}

/** Its methods, free of the object: a copy of it lacks its private fields. */
function methodsOf(runs: RunPorts['runs']): RunPorts['runs'] {
  return {
    create: (run) => runs.create(run),
    find: (id) => runs.find(id),
    save: (run) => runs.save(run),
    closed: (id) => runs.closed(id),
    open: () => runs.open(),
    addFinding: (id, found) => runs.addFinding(id, found),
    findings: (id) => runs.findings(id),
  };
}
