import { suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const sweeps = suite('reconcile/sweep');
const crashes = suite('reconcile/sweep-crashes');
const redrives = suite('reconcile/redrive');

const SWEEP = 'lambdas/reconcile/sweep.ts';
const STRANDED = 'lambdas/reconcile/stranded.ts';

/** What brings back the stranded. */
export const sweepMutants: readonly Mutant[] = [
  {
    name: 'sweeps-without-a-look-at-refusals',
    breaks: 'I3: what was refused for good is sent for ever',
    file: STRANDED,
    before: 'return refusal !== undefined && settles(refusal, payloadHash) ? undefined : event;',
    after: 'return refusal?.tenant === null ? undefined : event;',
    checks: [sweeps],
  },
  {
    name: 'sweeps-without-a-look-at-markers',
    breaks: 'I3: what is posted is reported as stranded',
    file: STRANDED,
    before: '  if ((await ledger.marker(tenant, eventId)) !== undefined) return undefined;\n',
    after: '',
    checks: [sweeps],
  },
  {
    name: 'sends-on-an-altered-record',
    breaks: 'I9: what was never accepted is charged',
    file: STRANDED,
    before: 'if (hashOf(event) !== payloadHash) throw',
    after: 'if (hashOf(event) === undefined) throw',
    checks: [sweeps],
  },
  {
    name: 'moves-the-watermark-past-what-it-did-not-see',
    breaks: 'I3: a stranded event is never looked at again',
    file: SWEEP,
    before: 'if (!(await sweepSlice(slice, known, report, ports, settings))) return report;',
    after: 'if (!(await sweepSlice(slice, known, report, ports, settings))) report.complete = false;',
    checks: [sweeps, crashes],
  },
  {
    name: 'moves-the-watermark-before-it-looked',
    breaks: 'I3: what a dead sweep had before it is never looked at again',
    file: SWEEP,
    before: '      if (!(await sweepSlice(',
    after: '      await progress.advance(slice.until);\n      if (!(await sweepSlice(',
    checks: [sweeps, crashes],
  },
  {
    name: 'sweeps-what-has-just-been-accepted',
    breaks: 'I3: what is on its way is reported as stranded, and the watermark passes it',
    file: SWEEP,
    before: 'instantOf(clock.nowMs() - settings.minAgeMs)',
    after: 'instantOf(clock.nowMs())',
    checks: [sweeps],
  },
  {
    name: 'sweeps-into-a-busy-queue',
    breaks: 'I3: an outage is made worse',
    file: SWEEP,
    before: 'return (await queue.depth()) > NEARLY_DRAINED_MESSAGES;',
    after: 'return (await queue.depth()) < 0;',
    checks: [sweeps],
  },
  {
    name: 'forgets-what-it-has-sent',
    breaks: 'I3: an event that was sent again and lost again is not looked at any more',
    file: SWEEP,
    before: "if (fate.status === 'settled') {",
    after: "if (fate.status !== 'damaged') {",
    checks: [sweeps, crashes],
  },
  {
    name: 'gives-up-without-a-word',
    breaks: 'I3: an event is never charged, and nobody is told',
    file: SWEEP,
    before: "  telemetry.count('sweepGaveUp');\n",
    after: '',
    checks: [sweeps],
  },
  {
    name: 'records-a-try-after-it-was-sent',
    breaks: 'I3: a crash in between loses the try',
    file: 'lambdas/reconcile/resend.ts',
    before: 'if (await recordTry(event, how, since, ports)) recorded.push(event);',
    after: 'recorded.push(event);',
    checks: [sweeps, crashes],
  },
  {
    name: 'sends-again-under-the-same-id',
    breaks: 'I3: SQS drops what the sweep sends',
    file: 'lambdas/storage/event-message.ts',
    before: 'JSON.stringify([tenant, names, resend?.attempt ?? 0, resend?.since ?? null])',
    after: 'JSON.stringify([tenant, names])',
    checks: [suite('storage/usage-message', 'storage/adjustment-message')],
  },
  {
    name: 'reports-nothing-of-what-it-sends',
    breaks: 'I9: a removed entry is posted again, and nobody is told',
    file: 'lambdas/reconcile/resend.ts',
    before:
      "      for (const { eventId } of recorded) await findings.report({ type: 'unsettled', tenant, eventId, detail });\n",
    after: '',
    checks: [sweeps],
  },
  {
    name: 'redrives-an-adjustment-as-usage',
    breaks: 'I8: a credit travels through the queue that ingest may send to',
    file: 'lambdas/reconcile/dead-letters/redrive.ts',
    before: "redriveThrough(ports.adjustment, tenant, of('adjustment'), ports),",
    after: "redriveThrough(ports.usage as unknown as typeof ports.adjustment, tenant, of('adjustment'), ports),",
    checks: [redrives],
  },
  {
    name: 'redrives-what-is-posted',
    breaks: 'I2: only the marker stands between a redrive and a second charge',
    file: 'lambdas/reconcile/dead-letters/redrive.ts',
    before: 'const posted = (await ledger.marker(tenant, eventId)) !== undefined;',
    after: 'const posted = (await ledger.marker(tenant, eventId)) === null;',
    checks: [redrives],
  },
  {
    name: 'redrives-without-the-sweep-behind-it',
    breaks: 'I3: a redriven event that is lost again stays lost',
    file: 'lambdas/reconcile/dead-letters/redrive.ts',
    before: '    await progress.restart({ tenant, eventId, attempts: 1, firstAt: since, nextAt, gaveUp: false });\n',
    after: '    void [eventId, nextAt];\n',
    checks: [redrives],
  },
  {
    name: 'redrives-an-altered-record',
    breaks: 'I9: what was never accepted is charged',
    file: 'lambdas/reconcile/dead-letters/redrive.ts',
    before: "return hashOf(record.event) === record.payloadHash ? record.event : 'damaged';",
    after: 'return record.event;',
    checks: [redrives],
  },
  {
    name: 'records-a-try-whatever-came-between',
    breaks: 'I3: a redrive is forgotten by a sweep that began before it',
    file: 'lambdas/storage/sweep-progress.ts',
    before: "ConditionExpression: 'attempts = :attempts AND first_at = :first',",
    after: "ConditionExpression: 'attempts = :attempts OR first_at <> :first',",
    checks: [suite('storage/dynoxide')],
  },
  {
    name: 'looks-once-more-at-what-it-gave-up',
    breaks: 'I3: what was given up is sent again and again',
    file: SWEEP,
    before: 'if (before.gaveUp || epochMsOf(before.nextAt)',
    after: 'if (epochMsOf(before.nextAt)',
    checks: [sweeps],
  },
  {
    name: 'waits-the-same-each-time',
    breaks: 'I3: an outage is over after all tries are used up',
    file: 'lambdas/reconcile/resend.ts',
    before: 'retryAfterMs * 2 ** (attempt - 1)',
    after: 'retryAfterMs',
    checks: [sweeps],
  },
];
