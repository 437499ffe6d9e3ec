import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdempotencyKey } from '../../lambdas/domain/ids.ts';
import type { Resend } from '../../lambdas/storage/event-message.ts';
import { decodeUsageMessage, encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { alpha, beta, eventId, instant, metric, NOW, quantity, requestId, usageEvent } from '../support/events.ts';

/** SQS takes no other character in a message ("SendMessage", API Reference). */
function isSqsText(text: string): boolean {
  return [...text].every((char) => {
    const code = char.codePointAt(0) ?? 0;
    return (
      [0x9, 0xa, 0xd].includes(code) ||
      (code >= 0x20 && code <= 0xd7ff) ||
      (code >= 0xe000 && code <= 0xfffd) ||
      code >= 0x10000
    );
  });
}

const keys = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('\u0001', '\uffff', '\ufffe', '"', '\\', '\u2028'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 20,
  })
  .filter((text) => parseIdempotencyKey(text) !== undefined);

const events = fc
  .record({
    key: keys,
    count: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    eventDate: fc.option(fc.constantFrom(NOW, instant('2026-01-01T00:00:00.000000001Z'))),
    request: fc.option(fc.uuid()),
  })
  .map(({ key, count, eventDate, request }) =>
    usageEvent('k', {
      ...{ eventId: eventId(`api:${key}`), quantity: quantity(count), eventDate },
      ...(request !== null && { requestId: requestId(request) }),
    }),
  );

describe('a usage message', () => {
  it('comes out as it went in, in characters SQS takes', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 5 }), (list) => {
        const { MessageBody } = encodeUsageMessage({ tenant: alpha, events: list });
        expect(decodeUsageMessage(MessageBody)).toEqual({ tenant: alpha, events: list });
        expect(isSqsText(MessageBody)).toBe(true);
      }),
    );
  });

  it('is read without the name of a request that is none, which keeps no event from being charged', () => {
    const { MessageBody } = encodeUsageMessage({ tenant: alpha, events: [usageEvent('k')] });
    const forged = JSON.parse(MessageBody);
    for (const request of ['', 'a b', 'x'.repeat(65), 7, null]) {
      const body = JSON.stringify({ ...forged, events: [{ ...forged.events[0], request_id: request }] });
      expect(decodeUsageMessage(body)).toEqual({ tenant: alpha, events: [usageEvent('k')] });
    }
  });

  it("can't carry an adjustment's id, which would take the adjustment's marker", () => {
    const { MessageBody } = encodeUsageMessage({ tenant: alpha, events: [usageEvent('k')] });
    expect(decodeUsageMessage(MessageBody)).toBeDefined();
    expect(decodeUsageMessage(MessageBody.replace('api:k', 'adj:k'))).toBeUndefined();
  });

  it('has one deduplication id for an identical resend, and another for anything else', () => {
    const [a, b] = [usageEvent('a'), usageEvent('b')];
    const idOf = (list: (typeof a)[], resend?: Resend) =>
      encodeUsageMessage({ tenant: list[0]?.tenant ?? alpha, events: list }, resend).MessageDeduplicationId;
    expect(idOf([a, b])).toBe(idOf([{ ...a }, { ...b }]));
    const first = { attempt: 1, since: NOW };
    expect(idOf([a, b], first)).toBe(idOf([{ ...a }, { ...b }], { ...first }));
    const others = [
      [a],
      [b, a],
      [a, { ...b, quantity: quantity(2) }],
      [a, { ...b, eventDate: b.receivedAt }],
      [
        { ...a, tenant: beta },
        { ...b, tenant: beta },
      ],
    ];
    const resends = [first, { ...first, attempt: 2 }, { ...first, since: instant('2026-03-15T12:00:00.001Z') }];
    const ids = [idOf([a, b]), ...resends.map((resend) => idOf([a, b], resend)), ...others.map((list) => idOf(list))];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a body that is no usage message', () => {
  const good = JSON.parse(
    encodeUsageMessage({ tenant: alpha, events: [usageEvent('k', { metric: metric('api_call') })] }).MessageBody,
  );
  const withEvent = (changes: object) => ({ ...good, events: [{ ...good.events[0], ...changes }] });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a text', '"x"'],
    ['an array', '[]'],
    ['deep nesting', '['.repeat(100_000)],
    ['another version', JSON.stringify({ ...good, version: 2 })],
    ['no events', JSON.stringify({ ...good, events: [] })],
    ['two tenants', JSON.stringify({ ...good, events: [good.events[0], { ...good.events[0], tenant: beta }] })],
    ['a malformed tenant', JSON.stringify(withEvent({ tenant: 'A#B' }))],
    ['an id of no channel', JSON.stringify(withEvent({ event_id: 'k' }))],
    ['a number for a quantity', JSON.stringify(withEvent({ quantity: 1 }))],
    ['a quantity of zero', JSON.stringify(withEvent({ quantity: '0' }))],
    ['a quantity too large', JSON.stringify(withEvent({ quantity: '1000000000001' }))],
    ['a negative quantity', JSON.stringify(withEvent({ quantity: '-1' }))],
    ['a quantity in hexadecimal', JSON.stringify(withEvent({ quantity: '0x10' }))],
    ['a date that is not normal', JSON.stringify(withEvent({ event_date: '2026-01-01T00:00:00Z' }))],
    ['no moment of acceptance', JSON.stringify(withEvent({ received_at: undefined }))],
    ['no price version', JSON.stringify(withEvent({ price_version: undefined }))],
    ['a fractional price version', JSON.stringify(withEvent({ price_version: 1.5 }))],
    ['no date at all, where null would say so', JSON.stringify(withEvent({ event_date: undefined }))],
  ])('is recognised: %s', (_, body) => {
    expect(decodeUsageMessage(body)).toBeUndefined();
  });
});
