import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PayloadHash } from '../../lambdas/domain/usage-event.ts';
import { type GuardFinding, GuardFindings } from '../../lambdas/storage/guard-findings.ts';
import { Ledger } from '../../lambdas/storage/ledger.ts';
import { engineClient, scan } from '../support/audit.ts';
import { mint, request, TenantClient } from '../support/client.ts';
import { eventId, NOW, tenantId } from '../support/events.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

type Item = Record<string, unknown> & { pk: string; sk: string };

const alice = 'guard_a';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

describe('the guard', () => {
  it('raises nothing while the system does its work, refusals that become final among it', async () => {
    const client = new TenantClient(() => stack.url, alice);
    for (let number = 0; number < 6; number += 1) {
      expect((await client.post({ idempotency_key: `k${number}` })).status).toBe(202);
      expect((await client.post({ idempotency_key: `k${number}` })).status).toBe(202);
    }
    for (let number = 0; number < 6; number += 1) await client.settled(`api:k${number}`);
    await refuse({ final: false, reason: 'later' });
    await refuse({ final: true, reason: 'never' });
    await refuse({ final: true, reason: 'never' });
    const redrive = { tenant: alice, event_ids: ['api:k0', 'api:refused'] };
    const authorization = `Bearer ${await mint({ admin: true })}`;
    const init = { method: 'POST', headers: { authorization }, body: JSON.stringify(redrive) };
    expect((await request(`${stack.url}/dead-letters/redrive`, init)).status).toBeLessThan(300);
    // What comes after them in the stream shows that the guard has passed them.
    await put('Ledger', { pk: 'X', sk: 'last', v: 1 });
    await put('Ledger', { pk: 'X', sk: 'last', v: 2 });
    await found(({ key }) => key.pk === 'X');
    expect(await findings()).toHaveLength(1);
  });

  it.each<[string, 'Ledger' | 'UsageIntake', (item: Item) => boolean, 'edit' | 'remove', object]>([
    ['an edited page', 'Ledger', ({ pk }) => pk.startsWith(`J#${alice}#`), 'edit', { seq: 1 }],
    [
      'a deleted page',
      'Ledger',
      ({ pk, sk }) => pk.startsWith(`J#${alice}#`) && sk.endsWith('1'),
      'remove',
      { seq: 1 },
    ],
    ['an edited marker', 'Ledger', ({ pk }) => pk.startsWith(`E#${alice}#`), 'edit', { tenant: alice }],
    ['a deleted marker', 'Ledger', ({ pk }) => pk.startsWith(`E#${alice}#`), 'remove', { tenant: alice }],
    ['a final refusal taken back', 'Ledger', ({ sk }) => sk === 'api:refused', 'edit', { eventId: 'api:refused' }],
    ['an overwritten intake record', 'UsageIntake', ({ pk }) => pk.startsWith(`${alice}#`), 'edit', { tenant: alice }],
    ['a deleted intake record', 'UsageIntake', ({ pk }) => pk.startsWith(`${alice}#`), 'remove', { tenant: alice }],
  ])('finds %s, and says so in a metric and a log line that hold no content', async (_, table, fits, how, place) => {
    const victim = (await items(table)).find(fits);
    if (victim === undefined) throw new Error(`No item in ${table} to tamper with.`);
    if (how === 'edit') await put(table, { ...victim, is_final: false, forged: 'top-secret' });
    else await remove(table, victim);
    const event = how === 'edit' ? 'MODIFY' : 'REMOVE';
    const finding = await found(
      ({ key, event: kind }) => key.pk === victim.pk && key.sk === victim.sk && kind === event,
    );
    expect(finding).toMatchObject({ table: stack.table(table), place });
    if (how === 'edit') expect(finding.changed).toContain('forged');
    await expectRaised(finding);
  });

  it('finds a deleted adjustment', async () => {
    const item = { pk: `${alice}#00`, sk: 'adj:credit', amount_minor: 5n, reason: 'top-secret' };
    await put('AdjustmentIntake', item);
    await remove('AdjustmentIntake', item);
    const finding = await found(({ key }) => key.sk === 'adj:credit');
    expect(finding).toMatchObject({ event: 'REMOVE', place: { tenant: alice, eventId: 'adj:credit' } });
    await expectRaised(finding);
  });
});

/** Refuses an event as the consumer does. */
async function refuse(how: { readonly final: boolean; readonly reason: string }): Promise<void> {
  const event = {
    tenant: tenantId(alice),
    eventId: eventId('api:refused'),
    payloadHash: 'a'.repeat(64) as PayloadHash,
  };
  await withClient((client) =>
    new Ledger(client, stack.table('Ledger')).refuse({ ...event, ...how, at: NOW, deliveries: 5 }),
  );
}

/** That the function's log tells of the finding, counts it under the name that alarms go by, and tells nothing more. */
async function expectRaised({ key }: GuardFinding): Promise<void> {
  await waitFor('the log line', async () => {
    const told = (await stack.log('Guard'))
      .split('\n')
      .filter((line) => line.includes('"level":"ERROR"') && line.includes(JSON.stringify(key.sk)));
    return told.some((line) => line.includes(`"pk":${JSON.stringify(key.pk)}`));
  });
  const { length } = await findings();
  await waitFor('the metric', async () => counted(await stack.log('Guard')) >= length);
  expect(await stack.log('Guard')).not.toContain('top-secret');
}

/** The sum of the metric in all lines of CloudWatch's embedded metric format. */
function counted(log: string): number {
  const values = [...log.matchAll(/"GuardFindings":(\[[\d,]+\]|\d+)/g)].flatMap((match) => JSON.parse(match[1] ?? '0'));
  return values.reduce((total: number, value: number) => total + value, 0);
}

/** Waits for a finding. */
async function found(fits: (finding: GuardFinding) => boolean): Promise<GuardFinding> {
  let match: GuardFinding | undefined;
  await waitFor('the guard to find it', async () => {
    match = (await findings()).find(fits);
    return match !== undefined;
  });
  if (match === undefined) throw new Error('There is no such finding.');
  return match;
}

function findings(): Promise<GuardFinding[]> {
  return withClient(async (client) => {
    const all: GuardFinding[] = [];
    for await (const finding of new GuardFindings(client, stack.table('Operations')).guardFindings()) all.push(finding);
    return all;
  });
}

function items(table: string): Promise<Item[]> {
  return withClient((client) => scan(client, stack.table(table)));
}

async function put(table: string, item: Item): Promise<void> {
  await withClient((client) => client.send(new PutCommand({ TableName: stack.table(table), Item: item })));
}

async function remove(table: string, { pk, sk }: Item): Promise<void> {
  await withClient((client) => client.send(new DeleteCommand({ TableName: stack.table(table), Key: { pk, sk } })));
}

async function withClient<Value>(work: (client: ReturnType<typeof engineClient>) => Promise<Value>): Promise<Value> {
  const client = engineClient(stack);
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
