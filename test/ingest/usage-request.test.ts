import { describe, expect, it } from 'vitest';
import { Problem } from '../../lambdas/http/problem.ts';
import { usagePayloadOf } from '../../lambdas/ingest/usage-request.ts';
import { alpha } from '../support/events.ts';

const GOOD = { tenant: 'tenant_alpha', metric: 'api_call', quantity: 1, idempotency_key: 'k' };

/** The payload of a good body with one member's JSON replaced; `undefined` leaves it out. */
function read(member: string, json: string | undefined) {
  const members = Object.entries(GOOD)
    .filter(([name]) => name !== member)
    .map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
  if (json !== undefined) members.push(`"${member}":${json}`);
  return usagePayloadOf(JSON.parse(`{${members.join(',')}}`), alpha);
}

function refusalOf(call: () => unknown): Problem {
  try {
    call();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('a quantity', () => {
  it.each([
    ['1', 1n],
    ['1.0', 1n],
    ['1e3', 1_000n],
    ['1E+2', 100n],
    ['12.5e1', 125n],
    ['1000000000000', 10n ** 12n],
    ['1e12', 10n ** 12n],
  ])('of %s is %s', (json, expected) => {
    expect(read('quantity', json).quantity).toBe(expected);
  });

  it.each([
    '1.5',
    '"7"',
    'null',
    '-0',
    '-0.0',
    '0',
    '0.0',
    '1e400',
    '-1e400',
    '1e-400',
    '1000000000001',
    '1e13',
    '9007199254740993',
    '-1',
    'true',
    '[1]',
    '{"value":1}',
    '""',
    undefined,
  ])('may not be %s', (json) => {
    const { status, fieldErrors } = refusalOf(() => read('quantity', json));
    expect(status).toBe(400);
    expect(fieldErrors.map(({ field }) => field)).toEqual(['quantity']);
  });
});

describe.each([
  ['metric', 64],
  ['idempotency_key', 200],
])('a text (%s)', (member, maxBytes) => {
  it.each(['""', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00x"', '7', 'null', '[]', '{}', 'true', undefined])(
    'may not be %s',
    (json) => {
      const { status, fieldErrors } = refusalOf(() => read(member, json));
      expect(status).toBe(400);
      expect(fieldErrors.map(({ field }) => field)).toEqual([member]);
    },
  );

  it('is bounded in bytes', () => {
    expect(read(member, JSON.stringify('é'.repeat(maxBytes / 2)))).toBeDefined();
    expect(refusalOf(() => read(member, JSON.stringify('é'.repeat(maxBytes / 2 + 1)))).status).toBe(400);
  });
});

describe('an event date', () => {
  it('is normalised, and null when there is none', () => {
    expect(read('event_date', '"2026-03-01T01:00:00+01:00"').eventDate).toBe('2026-03-01T00:00:00.000Z');
    expect(read('event_date', undefined).eventDate).toBeNull();
  });

  it.each(['null', '""', '0', '1767225600', '"2026-03-01"', '"2026-02-30T00:00:00Z"', '"now"', '[]'])(
    'may not be %s',
    (json) => {
      expect(refusalOf(() => read('event_date', json)).fieldErrors.map(({ field }) => field)).toEqual(['event_date']);
    },
  );
});

describe('a tenant', () => {
  it('must be the credential’s: another’s name is a 403 before anything else is looked at', () => {
    expect(refusalOf(() => read('tenant', '"tenant_beta"')).status).toBe(403);
    const { tenant: _, ...rest } = { ...GOOD, tenant: 'tenant_beta', quantity: 'bad' };
    expect(refusalOf(() => usagePayloadOf({ ...rest, tenant: 'tenant_beta' }, alpha)).status).toBe(403);
    for (const name of ['"Tenant_alpha"', '"tenant_alpha "', '""'])
      expect(refusalOf(() => read('tenant', name)).status).toBe(403);
  });

  it.each(['null', '7', '["tenant_alpha"]', undefined])('of %s is a 400', (json) => {
    expect(refusalOf(() => read('tenant', json)).fieldErrors.map(({ field }) => field)).toEqual(['tenant']);
  });
});

describe('a body', () => {
  it('has every fault listed in one answer', () => {
    const { fieldErrors } = refusalOf(() => usagePayloadOf({ quantity: 0, event_date: 'x' }, alpha));
    expect(fieldErrors.map(({ field }) => field).sort()).toEqual([
      'event_date',
      'idempotency_key',
      'metric',
      'quantity',
      'tenant',
    ]);
  });

  it('may have fields nobody knows, which are no part of the payload', () => {
    expect(read('note', '"x"')).toEqual(read('other', '{"deep":[1]}'));
    expect(Object.keys(read('event_id', '"api:forged"')).sort()).toEqual([
      'eventDate',
      'eventId',
      'metric',
      'quantity',
      'tenant',
    ]);
    expect(read('event_id', '"api:forged"').eventId).toBe('api:k');
  });

  it('cannot take a member from the prototype', () => {
    const inherited = Object.create({ ...GOOD }) as Record<string, unknown>;
    expect(() => usagePayloadOf(JSON.parse('{"__proto__":{"quantity":1}}'), alpha)).toThrow(Problem);
    expect(Object.keys(inherited)).toEqual([]);
  });
});
