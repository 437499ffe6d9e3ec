import { beforeEach, describe, expect, it } from 'vitest';
import type { TenantId } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { refusalReasons } from '../../lambdas/domain/refusal.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { continueRun } from '../../lambdas/reconcile/run/continue-runs.ts';
import { raisedAlarm } from '../../lambdas/reconcile/suspicion/alarm-event.ts';
import { findSuspects, SUSPECT_AGE_MS, SUSPECTS_MAX } from '../../lambdas/reconcile/suspicion/suspects.ts';
import { verifySuspects } from '../../lambdas/reconcile/suspicion/verify-suspects.ts';
import { type Key, markerKey, pageKey } from '../../lambdas/storage/keys.ts';
import { alarmEvent } from '../support/alarm-event.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { alpha, beta, eventId, laneKey, must, tenantId, usageEvent } from '../support/events.ts';
import { RunWorld } from '../support/run-world.ts';

const dynamodb = useDynamodb(dynoxide);
const FOREVER = Number.POSITIVE_INFINITY;
const SECOND_MS = 1_000;

let world: RunWorld;
let edits = 0;

beforeEach(async () => {
  world = await RunWorld.create(dynamodb);
});

const now = () => instantOf(world.clock.nowMs());

/** The guard sees somebody edit what lies at a key. */
async function guardSees(key: Key): Promise<void> {
  edits += 1;
  const change = { event: 'MODIFY', before: {}, after: {}, changed: ['hash'] } as const;
  await world.traces.guard.add({ ...change, streamEventId: `edit-${edits}`, table: 'ledger', key, at: now() });
}

/** The consumer gives an event up after its last delivery. */
async function refuse(tenant: TenantId, key = 'refused'): Promise<void> {
  const event = usageEvent(key, { tenant });
  await world.traces.refusals.refuse({
    ...{ tenant, eventId: event.eventId, payloadHash: payloadHash(event), reason: refusalReasons.undelivered },
    ...{ final: false, at: now(), deliveries: 5 },
  });
}

function verify(name = 'zerosum-prod-GuardFindings') {
  return verifySuspects(must(raisedAlarm(alarmEvent(name, now()))), world.ports, world.traces);
}

describe('an alarm', () => {
  it('is read from CloudWatch’s own event, and from no other', () => {
    const event = alarmEvent('zerosum-prod-DeadLetters', now());
    expect(raisedAlarm(event)).toEqual({ name: 'zerosum-prod-DeadLetters', at: now() });
    const ok = { ...event.detail, state: { ...event.detail.state, value: 'OK' } };
    const others = [
      { ...event, detail: ok },
      { ...event, source: 'aws.events' },
      { ...event, time: 'now' },
    ];
    for (const other of [...others, { task: 'sweep' }, {}, undefined]) expect(raisedAlarm(other)).toBeUndefined();
  });

  it('has the tenant verified whose page was edited, and nobody else', async () => {
    const [mine, others] = [laneKey(), laneKey({ tenant: beta })];
    await world.charge(mine, [['a1'], ['a2']]);
    await world.charge(others, [['b1']]);
    await world.edit('ledger', pageKey(mine, 1), { hash: '0'.repeat(64) });
    await guardSees(pageKey(mine, 1));
    world.clock.advance(SECOND_MS);

    expect(await verify()).toMatchObject({ alarm: 'zerosum-prod-GuardFindings', tenants: [alpha] });
    const [run, ...more] = world.sent;
    expect(run).toMatchObject({ tenant: alpha, mode: 'full' });
    expect(more).toEqual([]);
    await continueRun(must(run).id, world.ports, FOREVER);
    const found = await world.ports.runs.findings(must(run).id);
    expect(found.map(({ tenant }) => tenant)).toContain(alpha);
  });

  it('is about those of whom an event was refused or given up, too', async () => {
    await refuse(alpha);
    const attempt = { tenant: beta, eventId: eventId('api:lost'), attempts: 8, firstAt: now(), gaveUp: true };
    await world.traces.attempts.record({ ...attempt, nextAt: now() }, undefined);
    expect(await findSuspects(world.traces)).toEqual(
      new Map([
        [alpha, now()],
        [beta, now()],
      ]),
    );
  });

  it('begins no second run while one is under way that sees the same', async () => {
    await guardSees(pageKey(laneKey(), 1));
    world.clock.advance(SECOND_MS);
    expect((await verify()).run_ids).toHaveLength(1);
    expect((await verify('zerosum-prod-DeadLetters')).run_ids).toEqual([]);
    // What happens after it began, it may have passed.
    world.clock.advance(2 * SECOND_MS);
    await guardSees(pageKey(laneKey(), 2));
    world.clock.advance(SECOND_MS);
    expect((await verify()).run_ids).toHaveLength(1);
    expect(world.sent).toHaveLength(2);
  });

  it.each([
    ['nobody left a trace', async () => undefined],
    ['what was edited belongs to nobody', () => guardSees({ pk: 'X', sk: '1' })],
    [
      'it is about too many',
      async () => {
        for (let index = 0; index <= SUSPECTS_MAX; index += 1) {
          await guardSees(markerKey(tenantId(`t${index}`), eventId('api:k')));
        }
      },
    ],
    [
      'whatever happened is long ago',
      async () => {
        await guardSees(pageKey(laneKey(), 1));
        await refuse(beta);
        world.clock.advance(SUSPECT_AGE_MS + SECOND_MS);
      },
    ],
  ])('has everyone verified when %s', async (_, happens) => {
    await happens();
    expect(await verify()).toMatchObject({ tenants: 'everyone' });
    expect(world.sent).toMatchObject([{ mode: 'full', tenant: undefined }]);
    expect((await verify()).run_ids).toEqual([]);
  });

  it('leaves its run to the schedule when the queue is down', async () => {
    await refuse(alpha);
    const down = { ...world.ports, queue: { send: async () => Promise.reject(new Error('no queue')) } };
    const alarm = must(raisedAlarm(alarmEvent('zerosum-prod-DeadLetters', now())));
    const { run_ids: ids } = await verifySuspects(alarm, down, world.traces);
    const open: string[] = [];
    for await (const id of world.ports.runs.open()) open.push(id);
    expect(open).toEqual(ids);
  });
});
