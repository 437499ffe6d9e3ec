import { gzipSync } from 'node:zlib';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTenantId, parseWebhookKeyId } from '../../lambdas/domain/ids.ts';
import { seal, sealKeys } from '../../lambdas/secrets/seal.ts';
import { webhookKeyItem } from '../../lambdas/storage/webhook-keys.ts';
import { developmentSecrets } from '../../localstack/embedded/development.ts';
import { audit, engineClient } from '../support/audit.ts';
import { type Answer, request, TenantClient } from '../support/client.ts';
import { must } from '../support/events.ts';
import {
  dates,
  type HostileValues,
  keys,
  type MemberJson,
  metrics,
  noObjects,
  quantities,
} from '../support/hostile-values.ts';
import { type RunningStack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';
import { ownHeaders } from '../support/webhook-signer.ts';

const BODY_MAX_BYTES = 256 * 1_024;

/** Whoever sends what must be refused sends nothing else, so that anything of theirs is too much. */
const REFUSED = 'hostile_refused';
const ACCEPTED = 'hostile_accepted';

type Bytes = string | Uint8Array<ArrayBuffer>;
type Members = Readonly<Record<string, MemberJson>>;

let stack: RunningStack;
let sequence = 0;

beforeAll(async () => {
  stack = await startStack();
  const client = engineClient(stack);
  for (const owner of [REFUSED, ACCEPTED]) {
    const keyId = must(parseWebhookKeyId(`whk_${owner}`));
    const current = seal(owner, keyId, sealKeys(developmentSecrets.webhookSeal));
    const item = webhookKeyItem({ keyId, tenant: must(parseTenantId(owner)), current });
    await client.send(new PutCommand({ TableName: stack.table('Config'), Item: item }));
  }
  client.destroy();
});
afterAll(() => stack?.stop());

function post(path: string, tenant: string, body: Bytes, headers: Record<string, string> = {}): Promise<Answer> {
  return new TenantClient(() => stack.url, tenant).send('POST', path, { body, headers });
}

/** One way in for a single event. */
interface Channel {
  readonly key: string;
  /** Members of a good event, as JSON. */
  good(tenant: string): Members;
  send(tenant: string, body: Bytes, headers?: Record<string, string>): Promise<Answer>;
}

const channels: Record<string, Channel> = {
  '/events': {
    key: 'idempotency_key',
    good: (tenant) => ({ tenant: `"${tenant}"`, metric: '"api_call"', quantity: '1', idempotency_key: nextId() }),
    send: (tenant, body, headers) => post('/events', tenant, body, headers),
  },
  '/webhooks/usage': {
    key: 'event_id',
    good: () => ({ metric: '"api_call"', quantity: '1', event_id: nextId() }),
    send: (tenant, body, headers) => {
      const signed = ownHeaders({ keyId: `whk_${tenant}`, secret: tenant }, body, Math.floor(Date.now() / 1_000));
      return request(`${stack.url}/webhooks/usage`, { method: 'POST', body, headers: { ...signed, ...headers } });
    },
  },
};

function nextId(): string {
  sequence += 1;
  return `"h${sequence}"`;
}

function objectOf(members: Members): string {
  const present = Object.entries(members).filter(([, json]) => json !== undefined);
  return `{${present.map(([name, json]) => `"${name}":${json}`).join(',')}}`;
}

function hostileMembers(key: string): [member: string, values: HostileValues][] {
  return [
    ['quantity', quantities],
    [key, keys],
    ['metric', metrics],
    ['event_date', dates(Date.now())],
  ];
}

describe.each(Object.entries(channels))('POST %s', (_, channel) => {
  it.each(hostileMembers(channel.key))('takes what %s may be, and nothing else', async (member, values) => {
    const answers = (tenant: string, list: readonly MemberJson[]) =>
      Promise.all(
        list.map(async (json) => {
          const answer = await channel.send(tenant, objectOf({ ...channel.good(tenant), [member]: json }));
          return [json?.slice(0, 40), answer.status, answer.json.errors?.map(({ field }: { field: string }) => field)];
        }),
      );
    expect(await answers(ACCEPTED, values.accepted)).toEqual(
      values.accepted.map((json) => [json?.slice(0, 40), 202, undefined]),
    );
    expect(await answers(REFUSED, values.refused)).toEqual(
      values.refused.map((json) => [json?.slice(0, 40), 400, [member]]),
    );
  });

  it('refuses what is no JSON object in UTF-8', async () => {
    for (const body of noObjects) {
      const { status, headers, json } = await channel.send(REFUSED, body);
      expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
      expect(json.errors).toHaveLength(1);
    }
  });

  it('lets the last of two equal keys count, also among those of prototypes', async () => {
    const { [channel.key]: id, ...rest } = channel.good(ACCEPTED);
    const twice = (first: string, second: string) =>
      objectOf({ ...rest, [channel.key]: id }).replace('"quantity":1', `"quantity":${first},"quantity":${second}`);
    expect((await channel.send(ACCEPTED, twice('0', '1'))).status).toBe(202);
    expect((await channel.send(REFUSED, twice('1', '0').replace(ACCEPTED, REFUSED))).status).toBe(400);
    const inherited = objectOf({ ...channel.good(REFUSED), quantity: undefined }).replace(
      '{',
      '{"__proto__":{"quantity":5},',
    );
    expect((await channel.send(REFUSED, inherited)).status).toBe(400);
    const polluting = objectOf({ ...channel.good(ACCEPTED), constructor: '{"prototype":{"quantity":5}}' }).replace(
      '{',
      '{"__proto__":{"quantity":0},',
    );
    expect((await channel.send(ACCEPTED, polluting)).status).toBe(202);
  });

  it('ignores extra fields, however deep, and takes a body of 256 KiB and not a byte more', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await channel.send(ACCEPTED, objectOf({ ...channel.good(ACCEPTED), x: deep }))).status).toBe(202);
    const padded = (tenant: string, bytes: number) => {
      const empty = objectOf({ ...channel.good(tenant), x: '""' });
      return empty.replace('"x":""', `"x":"${'x'.repeat(bytes - empty.length)}"`);
    };
    expect((await channel.send(ACCEPTED, padded(ACCEPTED, BODY_MAX_BYTES))).status).toBe(202);
    expect((await channel.send(REFUSED, padded(REFUSED, BODY_MAX_BYTES + 1))).status).toBe(413);
  });

  it('does not care what a type says, and refuses a compressed body', async () => {
    for (const type of [
      'text/xml',
      'application/x-www-form-urlencoded',
      'nonsense',
      'application/json; charset=latin1',
    ]) {
      const answer = await channel.send(ACCEPTED, objectOf(channel.good(ACCEPTED)), { 'content-type': type });
      expect([type, answer.status]).toEqual([type, 202]);
    }
    const compressed = Uint8Array.from(gzipSync(objectOf(channel.good(REFUSED))));
    expect((await channel.send(REFUSED, compressed)).status).toBe(400);
    for (const encoding of ['gzip', 'br', 'identity, gzip']) {
      expect((await channel.send(REFUSED, compressed, { 'content-encoding': encoding })).status).toBe(415);
    }
  });
});

describe('POST /events', () => {
  it('refuses another tenant whatever else is wrong, and a tenant that is none', async () => {
    const tenantIs = (json: MemberJson, more: Members = {}) =>
      post('/events', REFUSED, objectOf({ ...channels['/events']?.good(REFUSED), tenant: json, ...more }));
    for (const other of ['"tenant_alpha"', '"HOSTILE_REFUSED"', '"hostile_refused\\u0000"', '""', '"\\ud800"']) {
      expect((await tenantIs(other, { quantity: '0' })).status).toBe(403);
    }
    for (const none of ['7', 'null', '[]', '{}', '["hostile_refused"]', undefined]) {
      expect((await tenantIs(none)).json.errors).toMatchObject([{ field: 'tenant' }]);
    }
  });
});

describe('POST /events/batch', () => {
  const batch = (tenant: string, body: Bytes, type = 'application/json') =>
    post('/events/batch', tenant, body, { 'content-type': type });
  const good = (tenant: string) => must(channels['/events']).good(tenant);

  it.each(hostileMembers('idempotency_key'))('judges each %s by itself', async (member, values) => {
    const cases: [tenant: string, status: number, list: readonly MemberJson[]][] = [
      [ACCEPTED, 202, values.accepted],
      [REFUSED, 400, values.refused],
    ];
    for (const [tenant, status, list] of cases) {
      const events = list.map((json) => objectOf({ ...good(tenant), [member]: json }));
      for (const [body, type] of [
        [`[${events.join(',')}]`, 'application/json'],
        [events.join('\n'), 'application/x-ndjson'],
      ] as const) {
        const answer = await batch(tenant, body, type);
        const told = answer.json.results.map((result: { status: number }, index: number) => [
          list[index],
          result.status,
        ]);
        expect(told).toEqual(list.map((json) => [json, status]));
      }
    }
  });

  it('refuses as a whole what can’t be read as a whole', async () => {
    for (const body of noObjects) {
      for (const type of ['application/json', 'application/x-ndjson', 'application/cloudevents-batch+json']) {
        const { status, json } = await batch(REFUSED, body, type);
        // A line that is JSON and no event is that event's fault, like an element of an array.
        const isOneLine = type === 'application/x-ndjson' && [207].includes(status);
        if (isOneLine) expect(json).toMatchObject({ accepted: 0, results: [{ index: 0, status: 400 }] });
        else expect(status).toBe(400);
      }
    }
  });

  it('refuses a type it does not know, a compressed body, and types that only look right', async () => {
    const body = `[${objectOf(good(REFUSED))}]`;
    for (const type of ['text/plain', 'application/jsonx', 'application/json+x', 'application/ndjson', 'x', '*/*']) {
      expect([type, (await batch(REFUSED, body, type)).status]).toEqual([type, 415]);
    }
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await post('/events/batch', REFUSED, Uint8Array.from(gzipSync(body)), headers)).status).toBe(415);
  });
});

it('leaves nothing of what was refused in intake, queue or ledger, and settles the rest', async () => {
  await waitFor('everything accepted to settle', async () => {
    const { accepted, charges } = await audit(stack);
    return charges.size === accepted.size;
  });
  const { faults, accepted, charges, refused } = await audit(stack);
  expect(faults).toEqual([]);
  expect([...refused]).toEqual([]);
  expect(accepted.size).toBeGreaterThan(50);
  for (const event of [...accepted, ...charges.keys()]) expect(event.startsWith(`${ACCEPTED} `), event).toBe(true);
  await waitFor('an empty queue', async () => (await messagesOf('UsageQueueUsage')) === 0);
});

/** Messages of a queue, waiting or under way. */
async function messagesOf(queue: string): Promise<number> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const endpoint = must(stack.info().engines.sqs?.endpoint);
  const client = new SQSClient({ endpoint, region: stack.info().region, credentials });
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const command = new GetQueueAttributesCommand({ QueueUrl: stack.queueUrl(queue), AttributeNames: [...names] });
  const { Attributes = {} } = await client.send(command);
  client.destroy();
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
