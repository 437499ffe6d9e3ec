import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { nowOf } from '../clock.ts';
import {
  type AuditChainKey,
  type AuditEntry,
  type AuditedFunction,
  type AuditFacts,
  type AuditHash,
  auditWriterFor,
  nextAuditEntry,
} from '../domain/audit-chain.ts';
import { periodOf } from '../domain/period.ts';
import { backOff } from '../retry.ts';
import { plain, queryItems } from './dynamo.ts';
import { DamagedItemError, HASH_PATTERN, readItem, stored, text } from './item.ts';
import { seqText } from './keys.ts';
import { auditKey, auditPartition } from './operations-keys.ts';

/** Fifty calls at once append a hundred entries to one chain within it; an answer is still in time after it. */
const APPEND_TIMEOUT_MS = 8_000;

/** A tenant's refusal changes nothing: its function is not kept busy for longer to put it on record. */
const ATTEMPT_TIMEOUT_MS = 1_000;

/** The log could not be written for too long: what had to be on record first must not happen. */
export class AuditLogBusyError extends Error {}

const auditHash = text<AuditHash>((value) => (HASH_PATTERN.test(value) ? (value as AuditHash) : undefined));

const entrySchema = z.object({
  number: stored.count,
  at: stored.instant,
  actor: z.object({
    kind: z.enum(['admin', 'tenant', 'schedule']),
    subject: z.string().nullable(),
    tenant: z.string().nullable(),
  }),
  action: z.string(),
  target: z.record(z.string(), z.string()),
  reason: z.string().nullable(),
  request_id: z.string(),
  status: stored.count.nullable(),
  prev_hash: auditHash,
  hash: auditHash,
});

/** A place in a chain; without an entry, it holds something that nobody of ours has written. */
export interface AuditRow {
  readonly number: number;
  readonly entry: AuditEntry | undefined;
}

/** The audit log: appended to by one writer, never changed. */
export class AuditLog {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Appends an entry to a chain of this function and month. Many may append at once: an entry's number can be taken only
   * once, so the chain can't fork, and who comes too late tries the next. Throws an AuditLogBusyError when that fails for
   * 8 s, or 1 s for a tenant's attempt.
   */
  async append(by: AuditedFunction, facts: AuditFacts, clock: Clock): Promise<void> {
    const writer = auditWriterFor(by, facts.actor);
    const deadlineMs = clock.nowMs() + (writer === by ? APPEND_TIMEOUT_MS : ATTEMPT_TIMEOUT_MS);
    for (let attempt = 0; ; attempt += 1) {
      const now = nowOf(clock);
      const chain = { writer, month: periodOf(now) };
      if (await this.#put(nextAuditEntry(chain, await this.#last(chain), facts, now))) return;
      if (await backOff(clock, attempt, deadlineMs)) continue;
      throw new AuditLogBusyError(`The audit log's chain of ${writer} ${chain.month} is too busy to append to.`);
    }
  }

  /** Up to `limit` rows of a chain, newest first: from `newest` downwards, or from the newest there is. */
  async rows(chain: AuditChainKey, newest: number | undefined, limit: number): Promise<AuditRow[]> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: newest === undefined ? 'pk = :chain' : 'pk = :chain AND sk <= :newest',
      ExpressionAttributeValues: {
        ':chain': auditPartition(chain),
        ...(newest !== undefined && { ':newest': seqText(newest) }),
      },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: limit,
    };
    const rows: AuditRow[] = [];
    for await (const item of queryItems(this.#client, query)) {
      rows.push({ number: Number(item['sk']), entry: readableEntry(chain, item) });
      if (rows.length === limit) break;
    }
    return rows;
  }

  async #last(chain: AuditChainKey): Promise<AuditEntry | undefined> {
    const [last] = await this.rows(chain, undefined, 1);
    if (last === undefined || last.entry !== undefined) return last?.entry;
    throw new DamagedItemError(`Entry ${last.number} of the audit log of ${chain.writer} ${chain.month} is damaged.`);
  }

  /** False when another entry has this number. */
  async #put(entry: AuditEntry): Promise<boolean> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: itemOf(entry),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.#client.send(put);
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The SDK may have repeated a put whose answer was lost: then the entry in the way is this one.
      return error.Item !== undefined && plain(error.Item)['hash'] === entry.hash;
    }
  }
}

function itemOf(entry: AuditEntry): Record<string, unknown> {
  const { number, at, actor, action, target, reason, requestId, status, prevHash, hash } = entry;
  const facts = { number, at, actor, action, target, reason, request_id: requestId, status };
  return { ...auditKey(entry, number), ...facts, prev_hash: prevHash, hash };
}

function entryOf(chain: AuditChainKey, item: Record<string, unknown>): AuditEntry {
  const { request_id: requestId, prev_hash: prevHash, ...rest } = readItem(entrySchema, item);
  return { ...chain, ...rest, requestId, prevHash };
}

function readableEntry(chain: AuditChainKey, item: Record<string, unknown>): AuditEntry | undefined {
  try {
    return entryOf(chain, item);
  } catch (error) {
    if (error instanceof DamagedItemError) return undefined;
    throw error;
  }
}
