import { describe, expect, it } from 'vitest';
import { parseAdjustmentReason } from '../../lambdas/domain/adjustment-event.ts';
import { usageEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { emptyHead, headAfter, nextPage } from '../../lambdas/domain/page.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { ADJUSTMENTS_PER_MESSAGE_MAX, encodeAdjustmentMessage } from '../../lambdas/storage/adjustment-message.ts';
import { headKey, intakeKey, refusalKey, timeIndexKey } from '../../lambdas/storage/keys.ts';
import { markerItem } from '../../lambdas/storage/ledger.ts';
import { sweepAttemptKey } from '../../lambdas/storage/operations-keys.ts';
import { pageItem } from '../../lambdas/storage/page-item.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { usageAttributesOf } from '../../lambdas/storage/usage-record.ts';
import {
  adjustmentAmount,
  adjustmentEvent,
  eventId,
  instant,
  laneKey,
  metric,
  must,
  NOW,
  quantity,
  requestId,
  tenantId,
  usageEvent,
} from '../support/events.ts';
import { itemBytes, transactionalWriteUnits } from '../support/item-size.ts';

const KEY_LIMITS = { pk: 2048, sk: 1024 };
const SQS_MESSAGE_MAX_BYTES = 256 * 1024;

/** What is written for a lone event with a 40-byte key from a tenant with 12 characters, both large enough for most. */
function itemsOfALoneEvent() {
  const event = usageEvent('x'.repeat(40), {
    eventDate: NOW,
    quantity: quantity(123_456_789),
    metric: metric('storage_gb_hour'),
    requestId: requestId('0f5b1c1e-8a4b-4c5e-9d37-2f4c9b1e6a70'),
  });
  const key = laneKey();
  const seasoned = {
    ...emptyHead(key),
    ...{ nextSeq: 123_456, entryCount: 1_234_567, lastPostedAt: NOW },
    totals: {
      receivable: amountMinor(98_765_432_109n),
      revenue: amountMinor(-98_765_432_109n),
      adjustments: amountMinor(0n),
    },
  };
  const page = nextPage(seasoned, [usageEntry(event, amountMinor(617_283_945n))], NOW);
  const head = headAfter(seasoned, page);
  const { tenant, eventId: id, quantity: count, priceVersion, receivedAt } = event;
  const index = timeIndexKey(tenant, id, receivedAt);
  return {
    intake: {
      ...{ ...intakeKey(tenant, id), ...index, ...usageAttributesOf(event) },
      ...{ quantity: count, price_version: priceVersion, payload_hash: payloadHash(event) },
    },
    index: { ...intakeKey(tenant, id), ...index },
    marker: markerItem(
      { ...key, seq: page.seq, index: 0, payloadHash: payloadHash(event), postedAt: page.postedAt },
      id,
    ),
    page: pageItem(page),
    head: {
      ...{ ...headKey(key), next_seq: head.nextSeq, chain: head.chain, totals: head.totals },
      ...{ entry_count: head.entryCount, last_posted_at: head.lastPostedAt, closed_at: NOW },
    },
  };
}

describe('a lone event', () => {
  const items = itemsOfALoneEvent();

  it.each(Object.entries(items))('has a %s of at most one kilobyte', (_, item) => {
    expect(itemBytes(item)).toBeLessThanOrEqual(1024);
  });

  it('costs eight write units: two for intake and index, six for marker, page and head', () => {
    const intake = Math.ceil(itemBytes(items.intake) / 1024) + Math.ceil(itemBytes(items.index) / 1024);
    const posting = [items.marker, items.page, items.head].map((item) => transactionalWriteUnits(itemBytes(item)));
    expect(intake + posting.reduce((sum, units) => sum + units, 0)).toBe(8);
  });
});

describe('the longest ids', () => {
  const tenant = tenantId('x'.repeat(64));
  const id = eventId(`wh:${'k'.repeat(64)}:${'é'.repeat(100)}`);
  const keys = [
    intakeKey(tenant, id),
    markerItem(
      { ...laneKey({ tenant }), seq: 1, index: 0, payloadHash: payloadHash(usageEvent('k')), postedAt: NOW },
      id,
    ),
    refusalKey(tenant, id),
    sweepAttemptKey('usage', tenant, id),
  ];

  it('fit DynamoDB’s keys in every table and index', () => {
    const time = timeIndexKey(tenant, id, instant('2026-03-15T12:00:00.123456789Z'));
    for (const { pk, sk } of [...keys, { pk: time.time_pk, sk: time.time_sk }]) {
      expect(Buffer.byteLength(String(pk))).toBeLessThanOrEqual(KEY_LIMITS.pk);
      expect(Buffer.byteLength(String(sk))).toBeLessThanOrEqual(KEY_LIMITS.sk);
    }
  });

  it('fit SQS, ninety of them in one message, also where each byte takes six in JSON', () => {
    const events = Array.from({ length: 90 }, (_, index) =>
      usageEvent('k', {
        ...{ tenant, eventDate: instant('2026-03-15T12:00:00.123456789Z'), quantity: quantity(10n ** 12n) },
        eventId: eventId(`wh:${'k'.repeat(64)}:${'\u0001'.repeat(198)}${String(index).padStart(2, '0')}`),
        metric: metric('\u0001'.repeat(64)),
        requestId: requestId('f'.repeat(64)),
      }),
    );
    const message = encodeUsageMessage({ tenant, events });
    expect(Buffer.byteLength(message.MessageBody)).toBeLessThan(SQS_MESSAGE_MAX_BYTES);
    expect(message.MessageGroupId).toMatch(/^[\w#]{1,128}$/);
    expect(message.MessageDeduplicationId).toMatch(/^[0-9a-f]{64}$/);
  });

  it('fit SQS with the longest reasons too, as many adjustments as the sweep puts into one message', () => {
    const events = Array.from({ length: ADJUSTMENTS_PER_MESSAGE_MAX }, (_, index) =>
      adjustmentEvent('k', {
        ...{ tenant, amountMinor: adjustmentAmount(-(10n ** 12n)) },
        eventId: eventId(`adj:${'\u0001'.repeat(198)}${String(index).padStart(2, '0')}`),
        reason: must(parseAdjustmentReason('\u0001'.repeat(1_024))),
        requestId: requestId('f'.repeat(64)),
      }),
    );
    const message = encodeAdjustmentMessage({ tenant, events });
    expect(Buffer.byteLength(message.MessageBody)).toBeLessThan(SQS_MESSAGE_MAX_BYTES);
    expect(message.MessageGroupId).toBe(`${tenant}#16`);
  });
});
