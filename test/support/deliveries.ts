import type { SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import type { Metric } from '../../lambdas/domain/ids.ts';
import type { UsageEvent } from '../../lambdas/domain/usage-event.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { alpha, beta, instant, metric, quantity, usageEvent } from './events.ts';
import { sqsRecord } from './sqs-records.ts';

export const MAX_RECEIVES = 5;

/** A message of a random batch, by what it carries. */
export interface TestMessage {
  readonly id: string;
  readonly group: string;
  readonly body: string;
  readonly receiveCount: number;
  /** Which queue it comes from; the usage queue unless said. */
  readonly queueArn?: string;
  /** None: its body is no usage message. */
  readonly events: readonly UsageEvent[];
}

/** The keys whose events are not all alike: another metric, one without a price, a version that no table has. */
const METRICS: Readonly<Record<number, Metric>> = { 4: metric('storage_gb_hour'), 9: metric('ghost_metric') };
const PRICE_VERSIONS: Readonly<Record<number, number>> = { 8: 9 };

const tenants = fc.constantFrom(alpha, beta);

/** Few ids, so that replays and conflicts are common; what was fixed at acceptance depends on the payload alone. */
const events: fc.Arbitrary<UsageEvent> = fc
  .record({ key: fc.nat({ max: 9 }), variant: fc.constantFrom(1, 1, 1, 1, 1, 2) })
  .map(({ key, variant }) =>
    usageEvent(`k${key}`, {
      quantity: quantity(variant * (key + 1)),
      eventDate: key % 3 === 0 ? null : instant(`2026-0${1 + (key % 4)}-10T00:00:00+02:00`),
      metric: METRICS[key] ?? metric('api_call'),
      receivedAt: instant(`2026-0${3 + (key % 2)}-01T00:00:0${key}Z`),
      priceVersion: PRICE_VERSIONS[key] ?? variant,
    }),
  );

const unreadableBodies = fc.constantFrom(
  '',
  'not json',
  '[]',
  '{"version":2,"events":[]}',
  '{"version":1,"events":[]}',
  'null',
);

const messages = fc.record({
  tenant: tenants,
  events: fc.array(events, { minLength: 1, maxLength: 4 }),
  unreadable: fc.option(unreadableBodies, { freq: 8 }),
  wrongGroup: fc.option(fc.constantFrom('tenant_alpha#3', 'tenant_beta#7', 'elsewhere'), { freq: 8 }),
  receiveCount: fc.integer({ min: 1, max: MAX_RECEIVES }),
});

/** Up to ten messages, as SQS hands over at most. */
export const batches: fc.Arbitrary<TestMessage[]> = fc.array(messages, { minLength: 1, maxLength: 10 }).map((drafts) =>
  drafts.map(({ tenant, unreadable, wrongGroup, receiveCount, events: drafted }, index) => {
    const own = drafted.map((event) => ({ ...event, tenant }));
    const { MessageBody, MessageGroupId } = encodeUsageMessage({ tenant, events: own });
    return {
      id: `message-${index}`,
      group: wrongGroup ?? MessageGroupId,
      body: unreadable ?? MessageBody,
      receiveCount,
      events: unreadable === null ? own : [],
    };
  }),
);

/** A well-formed message of these events in its own group. */
export function messageOf(id: string, own: readonly UsageEvent[], receiveCount = 1): TestMessage {
  const [first] = own;
  if (first === undefined) throw new RangeError('a message has events');
  const { MessageBody, MessageGroupId } = encodeUsageMessage({ tenant: first.tenant, events: own });
  return { id, group: MessageGroupId, body: MessageBody, receiveCount, events: own };
}

export function recordOf({ id, body, group, receiveCount, queueArn }: TestMessage): SQSRecord {
  return sqsRecord(id, body, group, receiveCount, queueArn);
}
