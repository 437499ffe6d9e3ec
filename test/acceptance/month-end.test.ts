import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DevelopmentTokens, developmentTokens } from '../../localstack/embedded/dev-tokens.ts';
import { type Answer, request } from '../support/client.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

/** The end of a leap day. */
const MONTH_END_MS = Date.parse('2028-03-01T00:00:00Z');

/** Far longer than these tests take: where ingest stands, February does not end, and elsewhere it has. */
const APART_MS = 1_800_000;

let stack: RunningStack;
let tokens: DevelopmentTokens;

beforeAll(async () => {
  tokens = await developmentTokens();
  const nowMs = Date.now();
  const clock = (atMs: number) => ({ ZEROSUM_CLOCK_OFFSET_MS: String(atMs - nowMs) });
  const after = clock(MONTH_END_MS + APART_MS);
  const others = ['Consumer', 'Read', 'Admin', 'Reconcile', 'Projector', 'Guard'].map((name) => [name, after]);
  const functionEnvironment = { Ingest: clock(MONTH_END_MS - APART_MS), ...Object.fromEntries(others) };
  stack = await startStack({ functionEnvironment });
});
afterAll(() => stack?.stop());

describe('events accepted at the end of a month and posted in the next', () => {
  it('book into the month they were accepted in', async () => {
    const receipt = await charged('in-time');
    expect(receipt.period).toBe('2028-02');
    expect(receipt.received_at).toMatch(/^2028-02-29T23:3/);
    expect(receipt.proof.posted_at).toMatch(/^2028-03-01T00:3/);
    expect(receipt.proof.entry.event_date).toBe(receipt.received_at);
    const { json: february } = await send('alpha', 'GET', '/statement?period=2028-02');
    expect(february).toMatchObject({
      status: 'open',
      total_minor: '1',
      lines: [{ posted_at: receipt.proof.posted_at }],
    });
    const { json: now } = await send('alpha', 'GET', '/statement');
    expect(now).toMatchObject({ period: '2028-03', total_minor: '0', lines: [] });
  });

  it('take their date from ingest’s day, and no later', async () => {
    expect((await post('tomorrow', '2028-03-01T23:00:00Z')).status).toBe(202);
    expect((await post('too-far', '2028-03-02T00:00:00Z')).status).toBe(400);
    expect((await post('a-year-ago', '2027-03-01T23:59:00Z')).status).toBe(202);
    expect((await post('too-old', '2027-03-01T23:00:00Z')).status).toBe(400);
    expect((await posted('tomorrow')).period).toBe('2028-03');
    expect((await posted('a-year-ago')).period).toBe('2028-02');
  });

  it('roll forward once the month is closed', async () => {
    const close = (period: string) => send('admin', 'POST', '/periods/close', { tenant: 'tenant_alpha', period });
    expect((await close('2028-05')).status).toBe(400);
    expect((await close('2028-02')).status).toBe(200);
    const receipt = await charged('late');
    expect(receipt.received_at).toMatch(/^2028-02-29/);
    expect(receipt.period).toBe('2028-03');
    const { json: february } = await send('alpha', 'GET', '/statement?period=2028-02');
    expect(february).toMatchObject({ status: 'closed', total_minor: '2' });
  });

  it('leave books that agree with each other', async () => {
    const { json } = await send('admin', 'POST', '/reconcile', {});
    expect(json).toMatchObject({ ok: true, discrepancies: [], complete: true });
  });
});

/** Sends a call and waits until it is posted; gives its receipt with the full proof. */
async function charged(key: string) {
  expect((await post(key)).status).toBe(202);
  return posted(key);
}

async function posted(key: string) {
  let { json } = await receipt(key);
  await waitFor(`${key} to be posted`, async () => {
    ({ json } = await receipt(key));
    return json.status === 'posted';
  });
  return json;
}

function receipt(key: string): Promise<Answer> {
  return send('alpha', 'GET', `/events/api%3A${key}?proof=full`);
}

function post(key: string, eventDate?: string): Promise<Answer> {
  const usage = { tenant: 'tenant_alpha', metric: 'api_call', quantity: 1, idempotency_key: key };
  return send('alpha', 'POST', '/events', { ...usage, ...(eventDate !== undefined && { event_date: eventDate }) });
}

function send(who: keyof DevelopmentTokens, method: string, path: string, body?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${tokens[who]}` };
  return request(`${stack.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}
