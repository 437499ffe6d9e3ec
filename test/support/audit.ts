import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { parseLane } from '../../lambdas/domain/lane.ts';
import { emptyHead, type JournalPage, type LaneHead, type LaneKey } from '../../lambdas/domain/page.ts';
import { headOf } from '../../lambdas/storage/balances.ts';
import { documentClient } from '../../lambdas/storage/dynamo.ts';
import { stored } from '../../lambdas/storage/item.ts';
import { markerOf } from '../../lambdas/storage/ledger.ts';
import { pageOf } from '../../lambdas/storage/page-item.ts';
import type { RunningStack } from './stack.ts';
import { verifyLane } from './verify-lane.ts';

type Item = Record<string, unknown> & { pk: string; sk: string };

/** Everything in the tables, read past the product, and every contradiction found in it. */
export interface Audit {
  readonly faults: readonly string[];
  /** Accepted events, as `tenant eventId`. */
  readonly accepted: ReadonlySet<string>;
  /** How often each event was charged, and with how much; by `tenant eventId`. */
  readonly charges: ReadonlyMap<string, readonly bigint[]>;
  readonly refused: ReadonlySet<string>;
  readonly lanes: readonly LaneHead[];
}

/** A client for the running stack's database engine. */
export function engineClient(stack: RunningStack): DynamoDBDocumentClient {
  const endpoint = stack.info().engines.dynamodb?.endpoint ?? '';
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return documentClient({ endpoint, region: stack.info().region, credentials });
}

/**
 * Reads all the tables and checks I1, I2, I6 and I9: entries net to zero, no event is charged twice, markers and entries
 * name each other, heads equal their pages, chains are whole.
 */
export async function audit(stack: RunningStack): Promise<Audit> {
  const client = engineClient(stack);
  const intake = await scan(client, stack.table('UsageIntake'));
  const adjustments = await scan(client, stack.table('AdjustmentIntake'));
  const ledger = await scan(client, stack.table('Ledger'));
  const balances = await scan(client, stack.table('Balances'));
  client.destroy();
  const faults: string[] = [];
  const pages = pagesByLane(ledger);
  const heads = new Map(
    balances.filter(({ pk }) => pk.startsWith('H#')).map((item) => [laneName(item), headItem(item)]),
  );

  const charges = new Map<string, bigint[]>();
  const entryPlaces = new Set<string>();
  for (const [name, { lane, items }] of pages) {
    const head = heads.get(name);
    if (head === undefined) faults.push(`${name} has pages and no head`);
    faults.push(...verifyLane(items, head ?? emptyHead(lane)).map(({ type, seq }) => `${name} page ${seq}: ${type}`));
    for (const page of items) {
      for (const [index, entry] of page.entries.entries()) {
        const net = entry.postings.reduce((total, { amountMinor }) => total + amountMinor, 0n);
        if (net !== 0n) faults.push(`${entry.eventId} nets to ${net}`);
        const event = `${page.tenant} ${entry.eventId}`;
        const debit = entry.postings.filter(({ account }) => account === 'receivable');
        charges.set(event, [...(charges.get(event) ?? []), ...debit.map(({ amountMinor }): bigint => amountMinor)]);
        entryPlaces.add(`${event} at ${name} ${page.seq} ${index}`);
      }
    }
  }
  for (const [name, head] of heads) {
    if (!pages.has(name) && head.entryCount > 0) faults.push(`${name} has a head and no pages`);
  }
  const markers = ledger.filter(({ pk }) => pk.startsWith('E#'));
  for (const item of markers) {
    const { tenant, period, lane, seq, index } = markerOf(item);
    const place = `${tenant} ${item.sk} at ${nameOf({ tenant, period, lane })} ${seq} ${index}`;
    if (!entryPlaces.delete(place)) faults.push(`the marker of ${place} points to no such entry`);
  }
  for (const place of entryPlaces) faults.push(`${place} has no marker`);
  for (const [event, amounts] of charges) {
    if (amounts.length !== 1) faults.push(`${event} was charged ${amounts.length} times`);
  }
  const refusals = ledger.filter(({ pk, is_final }) => pk.startsWith('R#') && is_final === true);
  return {
    faults,
    accepted: new Set([...intake, ...adjustments].map(({ tenant, sk }) => `${tenant} ${sk}`)),
    charges,
    refused: new Set(refusals.map(({ pk, sk }) => `${pk.split('#')[1]} ${sk}`)),
    lanes: [...heads.values()],
  };
}

/** Every item of a table. */
export async function scan(client: DynamoDBDocumentClient, table: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: Record<string, unknown> | undefined;
  do {
    const command = new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: cursor });
    const { Items = [], LastEvaluatedKey } = await client.send(command);
    items.push(...(Items as Item[]));
    cursor = LastEvaluatedKey;
  } while (cursor !== undefined);
  return items;
}

function pagesByLane(ledger: readonly Item[]): Map<string, { lane: LaneKey; items: JournalPage[] }> {
  const lanes = new Map<string, { lane: LaneKey; items: JournalPage[] }>();
  const inOrder = ledger.filter(({ pk }) => pk.startsWith('J#')).sort((a, b) => (a.sk < b.sk ? -1 : 1));
  for (const item of inOrder) {
    const [, tenant, period, lane] = item.pk.split('#');
    const key = laneKey(tenant, period, lane);
    const known = lanes.get(nameOf(key)) ?? { lane: key, items: [] };
    known.items.push(pageOf(key, item));
    lanes.set(nameOf(key), known);
  }
  return lanes;
}

function headItem(item: Item): LaneHead {
  const [period, lane] = item.sk.split('#');
  return headOf(laneKey(item.pk.slice('H#'.length), period, lane), item);
}

function laneName(item: Item): string {
  const [period, lane] = item.sk.split('#');
  return nameOf(laneKey(item.pk.slice('H#'.length), period, lane));
}

function laneKey(tenant: string | undefined, period: string | undefined, lane: string | undefined): LaneKey {
  const number = parseLane(Number(lane));
  if (number === undefined) throw new Error(`${lane} is no lane.`);
  return { tenant: stored.tenant.parse(tenant), period: stored.period.parse(period), lane: number };
}

function nameOf({ tenant, period, lane }: LaneKey): string {
  return `${tenant} ${period} lane ${lane}`;
}
