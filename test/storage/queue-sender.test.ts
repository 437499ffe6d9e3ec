import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ENTRIES_PER_PAGE_MAX } from '../../lambdas/domain/page.ts';
import { QueueSender, sendingClient } from '../../lambdas/storage/queue-sender.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { eventId, instant, metric, quantity, tenantId, usageEvent } from '../support/events.ts';

interface Call {
  readonly Entries: readonly { Id: string; MessageBody: string; MessageGroupId: string }[];
}

/** A queue that takes all, but for messages that say otherwise. */
const calls: Call[] = [];
let server: Server;

beforeEach(async () => {
  calls.length = 0;
  server = createServer(async (request, response) => {
    const call = JSON.parse(await text(request)) as Call;
    calls.push(call);
    const failed = call.Entries.filter(({ MessageBody }) => MessageBody.startsWith('fail'));
    const isDown = call.Entries.some(({ MessageBody }) => MessageBody.startsWith('down'));
    const taken = call.Entries.filter((entry) => !failed.includes(entry));
    const answer = {
      Successful: taken.map(({ Id, MessageBody }) => ({
        ...{ Id, MessageId: Id },
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      })),
      Failed: failed.map(({ Id }) => ({ Id, Code: 'ServiceUnavailable', SenderFault: false, Message: 'later' })),
    };
    response.writeHead(isDown ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(isDown ? { __type: 'QueueDoesNotExist', message: 'gone' } : answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = { AWS_ENDPOINT_URL_SQS: endpoint, AWS_REGION: 'us-east-1' };
  const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  for (const [name, value] of Object.entries({ ...variables, ...credentials })) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const message = (body: string) => ({ MessageBody: body, MessageGroupId: 'g', MessageDeduplicationId: 'd' });
const sender = () => new QueueSender(sendingClient(), `${process.env['AWS_ENDPOINT_URL_SQS']}/000000000000/q.fifo`);

describe('sending many messages', () => {
  it('takes ten to a call', async () => {
    const messages = Array.from({ length: 23 }, (_, index) => message(`m${index}`));
    expect(await sender().sendAll(messages)).toEqual(new Map());
    expect(calls.map(({ Entries }) => Entries.length).sort()).toEqual([10, 10, 3]);
    const bodies = calls.flatMap(({ Entries }) => Entries.map(({ MessageBody }) => MessageBody));
    expect(new Set(bodies)).toEqual(new Set(messages.map(({ MessageBody }) => MessageBody)));
  });

  it('takes no more bytes to a call than 256 KiB, in UTF-8', async () => {
    const kib100 = '€'.repeat(Math.floor((100 * 1_024) / 3));
    await sender().sendAll([kib100, kib100, kib100, 'small', kib100].map(message));
    expect(calls.map(({ Entries }) => Entries.map(({ Id }) => Id)).sort()).toEqual([
      ['0', '1'],
      ['2', '3', '4'],
    ]);
  });

  it('says which were not taken, of a call and of calls that failed', async () => {
    const messages = Array.from({ length: 21 }, (_, index) => message(`m${index}`));
    const refused = await sender().sendAll(messages.with(3, message('fail')).with(20, message('down')));
    expect([...refused.keys()].sort()).toEqual([20, 3]);
    expect(String(refused.get(3))).toContain('later');
  });
});

it('needs no more than 256 KiB for a page of the longest events there are', () => {
  const control = (chars: number) => '\u0001'.repeat(chars);
  const events = Array.from({ length: ENTRIES_PER_PAGE_MAX }, (_, index) =>
    usageEvent('k', {
      tenant: tenantId('t'.repeat(64)),
      eventId: eventId(`wh:${'k'.repeat(64)}:${control(198)}${String(index).padStart(2, '0')}`),
      metric: metric(control(64)),
      quantity: quantity(10n ** 12n),
      eventDate: instant('2026-01-01T00:00:00.000000001Z'),
    }),
  );
  const { MessageBody } = encodeUsageMessage({ tenant: tenantId('t'.repeat(64)), events });
  expect(Buffer.byteLength(MessageBody)).toBeLessThan(256 * 1_024);
});
