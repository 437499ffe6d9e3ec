import { describe, expect, it } from 'vitest';
import type { PayloadHash } from '../../lambdas/domain/usage-event.ts';
import { guardBatch } from '../../lambdas/guard/guard-batch.ts';
import { intakeKey, markerKey, pageKey, refusalKey, unreadableMessageKey } from '../../lambdas/storage/keys.ts';
import { refusalItem } from '../../lambdas/storage/refusal-item.ts';
import type { ItemChange } from '../../lambdas/storage/stream-record.ts';
import { alpha, eventId, instant, laneKey, NOW } from '../support/events.ts';
import { streamRecord } from '../support/stream-records.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';

const id = eventId('api:k');
const [HASH, AT] = ['a'.repeat(64), instant('2026-03-15T12:00:01.000Z')];
const refused = {
  tenant: alpha,
  eventId: id,
  reason: 'r',
  payloadHash: HASH as PayloadHash,
  firstAt: NOW,
  lastAt: NOW,
  attempts: 1,
};
const refusal = refusalItem({ ...refused, final: true });
const provisional = refusalItem({ ...refused, final: false });
const again = { attempts: 2, last_at: AT };

class Guarded {
  readonly telemetry = new TelemetryLog();
  readonly found: ItemChange[] = [];
  failing = false;

  run(...records: Parameters<typeof guardBatch>[0]) {
    const add = async (change: ItemChange) => {
      if (this.failing) throw new Error('no table');
      this.found.push(change);
    };
    return guardBatch(records, { findings: { add }, telemetry: this.telemetry, ledgerTable: 'ledger' });
  }
}

describe('the guard', () => {
  it.each([
    ['an edited page', 'ledger', pageKey(laneKey(), 1)],
    ['an edited marker', 'ledger', markerKey(alpha, id)],
    ['an edited intake record', 'usage', intakeKey(alpha, id)],
    ['a refusal in an intake', 'usage', refusalKey(alpha, id)],
    ['an edited unreadable message', 'ledger', unreadableMessageKey('m')],
    ['an item of nobody', 'ledger', { pk: 'X', sk: 'Y' }],
  ])('raises %s: once as a finding, a metric and a log line without its content', async (_, table, key) => {
    const guarded = new Guarded();
    const [before, after] = [
      { ...refusal, ...key, is_final: false, secret: 'before', same: { a: 1, b: [2] } },
      { ...refusal, ...key, is_final: false, secret: 'after', more: 1, same: { b: [2], a: 1 } },
    ];
    expect(await guarded.run(streamRecord(7, { before, after }, table))).toEqual({ batchItemFailures: [] });
    expect(guarded.found).toMatchObject([{ streamEventId: 'event-7', event: 'MODIFY', table, key }]);
    expect(guarded.found[0]?.changed).toEqual(['more', 'secret']);
    expect(guarded.telemetry.counted('guardFindings')).toBe(1);
    expect(guarded.telemetry.errors).toHaveLength(1);
    expect(JSON.stringify(guarded.telemetry.errors)).not.toMatch(/before|after/);
  });

  it('raises every removal, a refusal’s too', async () => {
    const guarded = new Guarded();
    await guarded.run(
      streamRecord(1, { before: provisional }),
      streamRecord(2, { before: { pk: 'p', sk: 's', x: 1 } }),
    );
    expect(guarded.found.map(({ event, changed }) => [event, changed])).toEqual([
      ['REMOVE', Object.keys(provisional).sort()],
      ['REMOVE', ['pk', 'sk', 'x']],
    ]);
  });

  it('lets a refusal become final, and count another attempt', async () => {
    const guarded = new Guarded();
    await guarded.run(
      streamRecord(1, { after: refusal }),
      streamRecord(2, { before: provisional, after: { ...refusal, reason: 'another', ...again } }),
      streamRecord(3, { before: refusal, after: { ...refusal, ...again } }),
    );
    expect(guarded.found).toEqual([]);
    expect(guarded.telemetry.errors).toEqual([]);
  });

  it('lets no refusal change anywhere else: an intake holds none', async () => {
    const guarded = new Guarded();
    await guarded.run(streamRecord(1, { before: refusal, after: { ...refusal, ...again } }, 'usage'));
    expect(guarded.found).toHaveLength(1);
  });

  it.each([
    ['turned provisional', { ...again, is_final: false }],
    ['given another reason', { ...again, reason: 'x' }],
    ['made unreadable', { ...again, payload_hash: 'x' }],
    ['given an attribute', { ...again, extra: 1 }],
    ['taken out of its index', { ...again, refusal_pk: 'x' }],
  ])('raises a final refusal that is %s', async (_, change) => {
    const guarded = new Guarded();
    await guarded.run(streamRecord(1, { before: refusal, after: { ...refusal, ...change } }));
    expect(guarded.found).toHaveLength(1);
  });

  it('asks for the stream again from the first change it could not record', async () => {
    const guarded = new Guarded();
    const records = [
      streamRecord(1, { after: refusal }),
      streamRecord(2, { before: refusal }),
      streamRecord(3, { before: refusal }),
    ];
    guarded.failing = true;
    const second = records[1]?.dynamodb?.SequenceNumber;
    expect(await guarded.run(...records)).toEqual({ batchItemFailures: [{ itemIdentifier: second }] });
    // Raised all the same: an alarm must not wait for a table.
    expect(guarded.telemetry.counted('guardFindings')).toBe(1);
  });
});
