import { describe, expect, it } from 'vitest';
import { malformed, Problem } from '../../lambdas/http/problem.ts';
import { batchAnswer } from '../../lambdas/ingest/batch-answer.ts';
import { alpha, eventId, metric, quantity } from '../support/events.ts';

const item = (key: string) => ({
  ...{
    tenant: alpha,
    eventId: eventId(`api:${key}`),
    metric: metric('api_call'),
    quantity: quantity(1),
    eventDate: null,
  },
});
const bad = malformed([{ field: 'quantity', message: 'is wrong' }]);
const late = new Problem('unavailable', 'later');

describe('the answer to a batch', () => {
  it('is a 202 when all was accepted', () => {
    expect(batchAnswer([item('a'), item('b')], [undefined, undefined], 'request-1')).toEqual({
      status: 202,
      body: {
        accepted: 2,
        rejected: 0,
        results: [
          { index: 0, status: 202, event_id: 'api:a' },
          { index: 1, status: 202, event_id: 'api:b' },
        ],
      },
    });
  });

  it('is a 207 that says what is wrong with each, and when to send again what came too late', () => {
    const answer = batchAnswer([bad, item('b'), item('c')], [bad, late, undefined], 'request-1');
    const document = { title: 'The request is not valid', status: 400, detail: 'quantity: is wrong' };
    expect(answer).toMatchObject({
      status: 207,
      headers: { 'retry-after': '1' },
      body: {
        accepted: 1,
        rejected: 2,
        results: [
          {
            index: 0,
            status: 400,
            problem: {
              ...document,
              type: 'urn:zerosum:problem:malformed',
              request_id: 'request-1',
              errors: [{ field: 'quantity', message: 'is wrong' }],
            },
          },
          { index: 1, status: 503, event_id: 'api:b', problem: { status: 503 } },
          { index: 2, status: 202, event_id: 'api:c' },
        ],
      },
    });
    expect(batchAnswer([bad], [bad], 'request-1')).toMatchObject({ status: 207, body: { accepted: 0, rejected: 1 } });
  });

  it('is a 503 when nothing could be written at all', () => {
    expect(() => batchAnswer([item('a'), item('b')], [late, late], 'request-1')).toThrow(
      expect.objectContaining({ status: 503 }),
    );
  });
});
