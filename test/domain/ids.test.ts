import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adjustmentEventId,
  apiEventId,
  IDEMPOTENCY_KEY_MAX_BYTES,
  METRIC_MAX_BYTES,
  parseEventId,
  parseIdempotencyKey,
  parseMetric,
  parseTenantId,
  parseTxnId,
  parseWebhookKeyId,
  txnIdOf,
  webhookEventId,
} from '../../lambdas/domain/ids.ts';
import { ALL_LANES, messageGroupOf, parseLane, USAGE_LANES, usageLane } from '../../lambdas/domain/lane.ts';
import { alpha, beta, eventId, must } from '../support/events.ts';

const keys = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 50 })
  .filter((text) => parseIdempotencyKey(text) !== undefined);

describe('a tenant id', () => {
  it.each(['a', 'tenant_alpha', '0', 'x'.repeat(64)])('may be %s', (text) => expect(parseTenantId(text)).toBe(text));

  it.each(['', 'A', 'a-b', 'a#b', 'a:b', 'a b', 'é', 'a\n', 'x'.repeat(65), '-'])('may not be %j', (text) => {
    expect(parseTenantId(text)).toBeUndefined();
  });
});

describe.each([
  ['an idempotency key', parseIdempotencyKey, IDEMPOTENCY_KEY_MAX_BYTES],
  ['a metric', parseMetric, METRIC_MAX_BYTES],
] as const)('%s', (_, parse, maxBytes) => {
  it('is bounded in bytes of UTF-8, not in characters', () => {
    for (const char of ['a', 'é', '€', '😀']) {
      const bytes = Buffer.byteLength(char);
      const longest = char.repeat(Math.floor(maxBytes / bytes));
      expect(parse(longest)).toBe(longest);
      expect(parse(longest + char)).toBeUndefined();
    }
  });

  it.each(['', '\0', 'a\0b', '\ud800', 'a\udc00', '\udc00\ud800'])('may not be %j', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it.each(['__proto__', 'toString', '../x', 'a#b', 'a:b', ' ', '\u0001', '\uffff', '💶'])('may be %j', (text) => {
    expect(parse(text)).toBe(text);
  });
});

describe('an event id', () => {
  it.each(['api:k', 'adj:k', 'wh:key-1_A:k', 'wh:k:a:b', `wh:${'k'.repeat(64)}:${'x'.repeat(200)}`])(
    'may be %s',
    (text) => {
      expect(parseEventId(text)).toBe(text);
    },
  );

  it.each([
    '',
    'k',
    'api:',
    'API:k',
    'wh:k',
    'wh::k',
    'wh:k:',
    'wh:a b:k',
    `wh:${'k'.repeat(65)}:x`,
    `api:${'x'.repeat(201)}`,
    'xapi:k',
    'api:\0',
  ])('may not be %j', (text) => expect(parseEventId(text)).toBeUndefined());

  it('of one channel is never that of another, nor of another key', () => {
    fc.assert(
      fc.property(
        keys,
        keys,
        fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
        fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
        (key, other, hook, otherHook) => {
          const [own, its] = [must(parseIdempotencyKey(key)), must(parseWebhookKeyId(hook))];
          const ids = [apiEventId(own), adjustmentEventId(own), webhookEventId(its, own)];
          expect(ids).toEqual([`api:${key}`, `adj:${key}`, `wh:${hook}:${key}`]);
          const another = webhookEventId(must(parseWebhookKeyId(otherHook)), must(parseIdempotencyKey(other)));
          if (hook !== otherHook || key !== other) expect(ids[2]).not.toBe(another);
        },
      ),
    );
  });
});

describe('a transaction id', () => {
  it('is fixed by tenant and event id, and no other pair shares it', () => {
    const id = txnIdOf(alpha, eventId('api:k'));
    expect(txnIdOf(alpha, eventId('api:k'))).toBe(id);
    expect(parseTxnId(id)).toBe(id);
    expect(txnIdOf(beta, eventId('api:k'))).not.toBe(id);
    expect(txnIdOf(alpha, eventId('adj:k'))).not.toBe(id);
  });
});

describe('lanes', () => {
  it('are a function of the ids alone, always one of sixteen', () => {
    fc.assert(
      fc.property(fc.array(keys, { minLength: 1, maxLength: 5 }), (list) => {
        const ids = list.map((key) => eventId(`api:${key}`));
        expect(usageLane([...ids])).toBe(usageLane(ids));
        expect(Number.isInteger(usageLane(ids)) && usageLane(ids) >= 0 && usageLane(ids) < USAGE_LANES).toBe(true);
      }),
    );
  });

  it('of known ids never change: what is stored and queued depends on them', () => {
    const lanes = ['api:a', 'api:b', 'api:c', 'wh:k:1'].map((id) => usageLane([eventId(id)]));
    expect(lanes).toEqual([9, 6, 0, 6]);
  });

  it('share the events about evenly', () => {
    const counts = new Array<number>(USAGE_LANES).fill(0);
    for (let index = 0; index < 16_000; index += 1) {
      const at = usageLane([eventId(`api:order-${index}`)]);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
  });

  it('tell messages of other compositions apart', () => {
    const ids = Array.from({ length: 40 }, (_, index) => eventId(`api:${index}`));
    const joined = new Set(ids.map((_, index) => usageLane(ids.slice(0, index + 1))));
    expect(joined.size).toBeGreaterThan(8);
    expect(usageLane([eventId('api:a,b')])).toBe(usageLane([eventId('api:a,b')]));
  });

  it('are 0 to 16 and nothing else', () => {
    expect(ALL_LANES).toEqual(Array.from({ length: 17 }, (_, index) => index));
    for (const value of [-1, 17, 0.5, Number.NaN]) expect(parseLane(value)).toBeUndefined();
  });

  it('make message groups SQS takes, at most 128 characters, no two alike', () => {
    const longest = must(parseTenantId('x'.repeat(64)));
    const groups = [alpha, longest].flatMap((tenant) => ALL_LANES.map((lane) => messageGroupOf(tenant, lane)));
    expect(new Set(groups).size).toBe(34);
    for (const group of groups) expect(group).toMatch(/^[\w#]{1,128}$/);
  });
});
