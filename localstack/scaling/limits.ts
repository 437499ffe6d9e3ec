import { USAGE_LANES } from '../../lambdas/domain/lane.ts';
import { RATE_WINDOW_SECONDS } from '../../lambdas/http/limits.ts';
import { stages } from '../../lib/stage.ts';
import type { Form, Mix } from './mixes.ts';
import { quotas } from './quotas.ts';
import { busiest, type Place, type Spread } from './spread.ts';
import {
  eventsPerMessage,
  eventsPerTransaction,
  HEAD_UNITS,
  INDEX_UNITS,
  intakeUnits,
  laneEventsPerSecond,
  MARKER_UNITS,
  pageUnits,
} from './units.ts';

/** A request of ingest: 50 ms alone, and a millisecond and a half for each further event (`npm run cost` counts it as durations). */
const REQUEST_SECONDS = { first: 0.05, further: 0.0015 };

export type Scope = 'tenant' | 'table' | 'queue' | 'account';

/** Something of which there is so much, and what a rate of events needs of it. */
export interface Limit {
  readonly name: string;
  readonly scope: Scope;
  /** Which table, queue or setting, and what to do when it binds. */
  readonly raise: string;
  readonly capacity: number;
  readonly need: (eventsPerSecond: number) => number;
}

/** Every limit a mix of tenants can meet, with stage prod's settings. */
export function limitsOf({ shares }: Mix, { batch }: Form, spread: Spread): Limit[] {
  const { prod } = stages;
  const [largest = 0] = shares;
  const lane = busiest(spread.groups);
  const perEvent = (units: number) => (rate: number) => rate * units;
  const requests = (rate: number) => rate / batch;
  // Of all lanes: each tenant's sixteen share its events evenly, which the spread confirms.
  const transactions = (rate: number) =>
    sumOver(shares, (share) => (rate * share) / grouped((rate * share) / USAGE_LANES));
  // When batches are what is short they are full, and as if all of one lane's, which goes on one after another.
  const batchesAtOnce = (rate: number) => rate / laneEventsPerSecond(batch);
  const grouped = (laneRate: number) => eventsPerTransaction(laneRate, batch);
  const ledger = (rate: number) =>
    rate * MARKER_UNITS +
    sumOver(shares, (share) => {
      const events = grouped((rate * share) / USAGE_LANES);
      return ((rate * share) / events) * pageUnits(events);
    });
  const key = (place: Place, units: number) => perEvent(busiest(spread[place]) * units);
  const laneTransactions = (rate: number) => (rate * lane) / grouped(rate * lane);
  const ofTenant = (name: string, raise: string, capacity: number, need: Limit['need']): Limit => {
    return { name, scope: 'tenant', raise, capacity, need };
  };
  const inTable = (name: string, raise: string, capacity: number, need: Limit['need']): Limit => {
    return { name, scope: 'table', raise, capacity, need };
  };
  const ofAccount = (name: string, raise: string, capacity: number, need: Limit['need']): Limit => {
    return { name, scope: 'account', raise, capacity, need };
  };
  const { partitionWrites, tableWrites, highThroughputCalls, groupCalls, concurrency, apiRequests } = quotas;
  return [
    ofTenant(
      'requests of a tenant',
      'requestsPerWindow (lib/stage.ts)',
      prod.requestsPerWindow / RATE_WINDOW_SECONDS,
      (rate) => requests(rate) * largest,
    ),
    ofTenant('one writer a lane', 'pack events; lanes are fixed for ever', laneEventsPerSecond(batch), perEvent(lane)),
    ofTenant(
      'calls for a message group',
      'pack events',
      groupCalls.value,
      (rate) => (rate * lane) / eventsPerMessage(batch),
    ),
    inTable('pages of a lane, one key', 'none: a partition', partitionWrites.value, (rate) => {
      return laneTransactions(rate) * pageUnits(grouped(rate * lane));
    }),
    inTable('heads of a tenant, one key', 'none: DynamoDB may part it by lane', partitionWrites.value, (rate) => {
      const events = grouped((rate * largest) / USAGE_LANES);
      return ((rate * largest) / events) * HEAD_UNITS;
    }),
    inTable('intake bucket', 'none: 256 a tenant', partitionWrites.value, key('intake', intakeUnits(batch))),
    inTable('marker bucket', 'none: 256 a tenant', partitionWrites.value, key('markers', MARKER_UNITS)),
    inTable(
      'shard of the time index',
      'more shards, before there are events',
      partitionWrites.value,
      key('time index', INDEX_UNITS),
    ),
    inTable(
      'UsageIntake and its index',
      'DynamoDB: table write quota',
      tableWrites.value,
      perEvent(intakeUnits(batch) + INDEX_UNITS),
    ),
    inTable('Ledger', 'DynamoDB: table write quota', tableWrites.value, ledger),
    inTable('Balances', 'DynamoDB: table write quota', tableWrites.value, (rate) => transactions(rate) * HEAD_UNITS),
    {
      name: 'calls to usage.fifo',
      scope: 'queue',
      raise: 'SQS: calls a queue',
      capacity: highThroughputCalls.value,
      need: requests,
    },
    {
      name: 'batches of usage.fifo at once',
      scope: 'queue',
      raise: 'usageBatches (lib/stage.ts)',
      capacity: prod.concurrency.usageBatches,
      need: batchesAtOnce,
    },
    ofAccount(
      'requests to the API',
      'API Gateway: requests/s, and throttle (lib/stage.ts)',
      apiRequests.value,
      requests,
    ),
    ofAccount('functions at once', 'Lambda: concurrent executions', concurrency.value, (rate) => {
      const accepting = requests(rate) * (REQUEST_SECONDS.first + (batch - 1) * REQUEST_SECONDS.further);
      return accepting + batchesAtOnce(rate);
    }),
  ];
}

const HIGHEST_RATE = 10_000_000;

/** The most events a second for which a limit is enough. */
export function ceilingOf({ capacity, need }: Limit): number {
  let [low, high] = [0, HIGHEST_RATE];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (need(middle) <= capacity) low = middle;
    else high = middle;
  }
  return low;
}

function sumOver(shares: readonly number[], value: (share: number) => number): number {
  return shares.reduce((sum, share) => sum + value(share), 0);
}
