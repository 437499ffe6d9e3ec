import { describe, expect, it } from 'vitest';
import { Problem } from '../../lambdas/http/problem.ts';
import { batchItemsOf } from '../../lambdas/ingest/batch-request.ts';
import { alpha } from '../support/events.ts';
import { httpRequest } from '../support/http-requests.ts';

const JSON_TYPE = 'application/json';
const LINES_TYPE = 'application/x-ndjson';
const CLOUD_TYPE = 'application/cloudevents-batch+json';

const event = (key: string, changes: object = {}) => ({
  ...{ tenant: alpha, metric: 'api_call', quantity: 1, idempotency_key: key },
  ...changes,
});
const cloudEvent = (id: string, changes: object = {}) => ({
  ...{ specversion: '1.0', id, source: '/meters/7', type: 'api_call', data: { quantity: 1 } },
  ...changes,
});

function items(type: string | undefined, body: string | Uint8Array) {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
  return batchItemsOf(httpRequest('POST', '/events/batch', { headers, body }), alpha);
}

/** What a place holds: an event's id, or the refusal's status and fields. */
const told = (list: ReturnType<typeof items>) =>
  list.map((item) =>
    item instanceof Problem ? [item.status, ...item.fieldErrors.map(({ field }) => field)] : item.eventId,
  );

const refused = (status: number) => expect.objectContaining({ status });

describe('a batch', () => {
  it.each([
    [JSON_TYPE, (list: object[]) => JSON.stringify(list)],
    ['Application/JSON; charset=utf-8', (list: object[]) => JSON.stringify(list)],
    [LINES_TYPE, (list: object[]) => list.map((one) => JSON.stringify(one)).join('\n')],
    [LINES_TYPE, (list: object[]) => list.map((one) => `${JSON.stringify(one)}\r\n`).join('')],
  ])('of type %s holds its events in order, the bad among the good', (type, write) => {
    const list = [
      event('a'),
      event('b', { quantity: 0, metric: 7 }),
      event('c', { tenant: 'tenant_beta' }),
      event('d'),
    ];
    const read = items(type, write(list));
    expect(told(read)).toEqual(['api:a', [400, 'metric', 'quantity'], [403], 'api:d']);
    expect(read[0]).toEqual({ tenant: alpha, eventId: 'api:a', metric: 'api_call', quantity: 1n, eventDate: null });
  });

  it('of CloudEvents maps id, type, quantity and time, for the tenant of the token', () => {
    const list = [
      cloudEvent('a', { time: '2026-03-01T01:00:00+01:00', subject: alpha, data: { quantity: 7, other: 'x' } }),
      cloudEvent('b', { subject: null, time: null, datacontenttype: 'application/json', extension: 1 }),
      cloudEvent('c', { subject: 'tenant_beta' }),
      cloudEvent('d', { specversion: '0.3' }),
      cloudEvent('e', { source: '' }),
      cloudEvent('f', { data: undefined, data_base64: 'e30=' }),
      cloudEvent('g', { data: { quantity: '7' } }),
      cloudEvent('h', { time: 'yesterday', subject: 7 }),
      event('i'),
    ];
    const read = items(CLOUD_TYPE, JSON.stringify(list));
    expect(told(read)).toEqual([
      ...['api:a', 'api:b', [403], [400, 'specversion'], [400, 'source'], [400, 'data']],
      ...[
        [400, 'data.quantity'],
        [400, 'subject', 'time'],
        [400, 'specversion', 'id', 'source', 'type', 'data'],
      ],
    ]);
    expect(read[0]).toMatchObject({ metric: 'api_call', quantity: 7n, eventDate: '2026-03-01T00:00:00.000Z' });
    expect(read[1]).toMatchObject({ eventDate: null });
  });

  it('may hold what is no event, at its own cost', () => {
    const json = '[null, 7, "x", [], {}]';
    const expected = [...Array.from({ length: 4 }, () => [400, 'event']), expect.arrayContaining([400, 'tenant'])];
    expect(told(items(JSON_TYPE, json))).toEqual(expected);
  });

  it.each([
    undefined,
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/cloudevents+json',
    '__proto__',
  ])('of type %s is a 415', (type) => {
    expect(() => items(type, '[]')).toThrow(refused(415));
  });

  it.each([
    [JSON_TYPE, ''],
    [JSON_TYPE, '[]'],
    [JSON_TYPE, '{}'],
    [JSON_TYPE, '[{}'],
    [JSON_TYPE, '['.repeat(100_000)],
    [JSON_TYPE, JSON.stringify(Array.from({ length: 1_001 }, () => 0))],
    [CLOUD_TYPE, '[]'],
    [CLOUD_TYPE, JSON.stringify(cloudEvent('a'))],
    [LINES_TYPE, ''],
    [LINES_TYPE, '\n \r\n\n'],
    [LINES_TYPE, 'no\njson\n'],
    [LINES_TYPE, '0\n'.repeat(1_001)],
    [LINES_TYPE, `${'\n'.repeat(4_000_000)}0`],
  ])('of type %s can be wrong as a whole: %.20j', (type, body) => {
    expect(() => items(type, body)).toThrow(refused(400));
  });

  it.each([JSON_TYPE, LINES_TYPE, CLOUD_TYPE])(
    'of type %s with bytes that are not UTF-8 is wrong as a whole',
    (type) => {
      const body = Buffer.concat([Buffer.from('[{"x":"'), Buffer.from([0xff]), Buffer.from('"}]')]);
      expect(() => items(type, body)).toThrow(refused(400));
    },
  );

  it('may hold 1 and 1,000 events', () => {
    for (const count of [1, 1_000]) {
      const list = Array.from({ length: count }, (_, index) => event(`k${index}`));
      expect(items(JSON_TYPE, JSON.stringify(list))).toHaveLength(count);
      expect(items(LINES_TYPE, `${list.map((one) => JSON.stringify(one)).join('\n')}\n\n`)).toHaveLength(count);
    }
  });

  it('of lines has a bad line, also an empty one between others, as that event’s fault alone', () => {
    const body = [JSON.stringify(event('a')), '{"cut', '', JSON.stringify(event('b')), '   ', ''].join('\n');
    expect(told(items(LINES_TYPE, body))).toEqual(['api:a', [400, 'event'], [400, 'event'], 'api:b']);
  });
});
