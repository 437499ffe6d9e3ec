import { simulated, suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const single = suite('ingest/accept-usage');
const batch = suite('ingest/accept-batch', 'ingest/batch-answer', 'ingest/batch-request');
const storage = suite('storage/dynoxide');

const ACCEPT = 'lambdas/ingest/accept-usage.ts';
const BATCH = 'lambdas/ingest/accept-batch.ts';

/** Up to the 202, which is a promise. */
export const intakeMutants: readonly Mutant[] = [
  {
    name: 'puts-the-intake-without-condition',
    breaks: 'I4: a second payload overwrites what was accepted',
    file: 'lambdas/storage/intake-table.ts',
    before: "      ConditionExpression: 'attribute_not_exists(pk)',\n",
    after: '',
    checks: [simulated, storage],
  },
  {
    name: 'puts-a-batchs-intake-without-condition',
    breaks: 'I4: a second payload in a batch overwrites what was accepted',
    file: 'lambdas/storage/intake-transaction.ts',
    before: "      ConditionExpression: 'attribute_not_exists(pk)',\n",
    after: '',
    checks: [simulated, storage],
  },
  {
    name: 'leaves-the-tenant-out-of-the-intakes-key',
    breaks: 'I5: one tenant uses up the ids of another',
    file: 'lambdas/storage/keys.ts',
    before: 'return { pk: `${tenant}#${bucketOf(eventId)}`, sk: eventId };',
    after: 'return { pk: bucketOf(eventId), sk: eventId };',
    checks: [storage],
  },
  {
    name: 'answers-before-the-intake-is-written',
    breaks: 'I3: a 202 is lost with the process that gave it',
    file: ACCEPT,
    before: 'const known = await ports.intake.accept(event, INTAKE_TIMEOUT_MS);',
    after: `const known = undefined as IntakeRecord | undefined;
  void ports.intake.accept(event, INTAKE_TIMEOUT_MS).catch(() => undefined);`,
    checks: [simulated, single],
  },
  {
    name: 'enqueues-before-the-intake-is-written',
    breaks: 'I9: an entry has no intake record',
    file: ACCEPT,
    before: 'const known = await ports.intake.accept(event, INTAKE_TIMEOUT_MS);',
    after: `await enqueue(event, ports);
  const known = await ports.intake.accept(event, INTAKE_TIMEOUT_MS);`,
    checks: [simulated, single],
  },
  {
    name: 'refuses-what-the-queue-does-not-take',
    breaks: 'I3: a caller is told that what will be charged was not accepted',
    file: ACCEPT,
    before: "    telemetry.count('enqueueFailed');\n",
    after: "    telemetry.count('enqueueFailed');\n    throw error;\n",
    checks: [single],
  },
  {
    name: 'accepts-any-payload-under-a-known-id',
    breaks: 'I4: a conflict is silent',
    file: ACCEPT,
    before: 'if (known.payloadHash !== payloadHash(payload)) {',
    after: 'if (known.event.eventId !== payload.eventId) {',
    checks: [simulated, single],
  },
  {
    name: 'sends-the-retrys-own-event',
    breaks: 'I6: a retry is rated at a price that was not in force when it was accepted',
    file: ACCEPT,
    before: 'await enqueue(known.event, ports);',
    after: 'await enqueue({ ...known.event, receivedAt: nowOf(ports.clock) }, ports);',
    checks: [single],
  },
  {
    name: 'judges-a-known-id-by-todays-rules',
    breaks: 'I2: who repeats an accepted event a year later is told it was not',
    file: ACCEPT,
    before: 'const known = await ports.intake.find(payload.tenant, payload.eventId);',
    after: 'const known = undefined as IntakeRecord | undefined;',
    checks: [single],
  },
  {
    name: 'lets-one-bad-event-reject-the-batch',
    breaks: 'I3: good events of a batch are not accepted',
    file: BATCH,
    before: 'const payloads = items.filter((item): item is UsagePayload => !(item instanceof Problem));',
    after: `const bad = items.find((item) => item instanceof Problem);
  if (bad instanceof Problem) throw bad;
  const payloads = items.filter((item): item is UsagePayload => !(item instanceof Problem));`,
    checks: [batch],
  },
  {
    name: 'answers-a-batch-at-the-wrong-places',
    breaks: 'I3: a caller is told that a refused event was accepted',
    file: BATCH,
    before: 'return items.map((item) => (item instanceof Problem ? item : verdicts.next().value));',
    after: `const inOrder = [...verdicts];
  return items.map((item, index) => (item instanceof Problem ? item : inOrder[index]));`,
    checks: [batch],
  },
  {
    name: 'accepts-what-could-not-be-written',
    breaks: 'I3: an event of a batch is accepted and has no record',
    file: BATCH,
    before: 'if (standing === undefined) return notInTime();',
    after: 'if (standing === undefined) return undefined;',
    checks: [batch],
  },
  {
    name: 'sends-what-a-batch-refused',
    breaks: 'I4: the payload of a conflict goes on its way',
    file: BATCH,
    before: 'const events = [...accepted].flatMap((eventId) => written.get(eventId)?.record.event ?? []);',
    after: `const events = sent.flatMap(({ payload }) => {
      const record = written.get(payload.eventId)?.record;
      return record === undefined ? [] : [{ ...record.event, ...payload }];
    });`,
    checks: [simulated, batch],
  },
  {
    name: 'forgets-which-of-a-batch-were-known',
    breaks: 'I4: a conflict within a batch is silent',
    file: 'lambdas/ingest/write-intake.ts',
    before: 'for (const record of known.values()) this.#settle(record, false);',
    after:
      'for (const index of known.keys()) this.#settle({ event: pending[index] as UsageEvent, payloadHash: payloadHash(pending[index] as UsageEvent) }, false);',
    checks: [batch],
  },
  {
    name: 'believes-a-record-at-anothers-key',
    breaks: 'I9: a record moved to another id is charged under it',
    file: 'lambdas/storage/intake-table.ts',
    before: "if (item['pk'] === pk && item['sk'] === sk) return event;",
    after: "if (item['pk'] === pk || item['sk'] === sk) return event;",
    checks: [storage],
  },
  {
    name: 'believes-a-call-that-was-taken-in-part',
    breaks: 'I3: nobody hears that messages of a batch were not taken',
    file: 'lambdas/storage/queue-sender.ts',
    before: 'return Failed.map(',
    after: 'return Failed.slice(1).map(',
    checks: [suite('storage/queue-sender')],
  },
  {
    name: 'promises-what-was-not-written',
    breaks: 'I3: a 202 for an event that has no record',
    file: 'lambdas/storage/intake-table.ts',
    before: '      if (known === undefined) throw error;\n',
    after: '',
    checks: [suite('storage/usage-intake')],
  },
];
