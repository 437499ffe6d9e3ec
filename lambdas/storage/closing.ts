import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { LaneKey } from '../domain/page.ts';
import type { Period } from '../domain/period.ts';
import { type Carry, carryAfter, type Seal } from '../domain/seal.ts';
import { type Claim, carryItem, claimItem, sealItem } from './closure-item.ts';
import { putIf } from './dynamo.ts';
import { headKey } from './keys.ts';

/** What became of a seal. */
export type SealOutcome =
  | 'sealed'
  /** The month is no longer claimed by this claim: someone took it over, or it is sealed already. */
  | 'claim_lost'
  /** Another month of the tenant was sealed meanwhile, or is being sealed: seal on top of the new carry. */
  | 'carry_moved';

/** The steps of a close. Each may be repeated, by whoever holds the claim. */
export class Closing {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Claims an open month. False when it is claimed or closed. */
  claim(tenant: TenantId, period: Period, claim: Claim): Promise<boolean> {
    return putIf(this.#client, {
      TableName: this.#table,
      Item: claimItem(tenant, period, claim),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
  }

  /** Takes over a claim whose holder is gone. False when someone else did, or the month is closed. */
  takeOver(tenant: TenantId, period: Period, old: Claim, claim: Claim): Promise<boolean> {
    return putIf(this.#client, {
      TableName: this.#table,
      Item: claimItem(tenant, period, claim),
      ...this.#whileClaimedBy(old.id),
    });
  }

  /**
   * Shuts a lane, used or not; one that is shut already stays as it is. False when a posting to it was just being
   * committed, which DynamoDB lets nothing interrupt.
   */
  async shut(lane: LaneKey, closedAt: Instant): Promise<boolean> {
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: headKey(lane),
      UpdateExpression: 'SET closed_at = if_not_exists(closed_at, :at)',
      ExpressionAttributeValues: { ':at': closedAt },
    });
    try {
      await this.#client.send(update);
      return true;
    } catch (error) {
      if (error instanceof TransactionConflictException) return false;
      throw error;
    }
  }

  /** Puts the seal in place of its claim and moves the tenant's carry with it: both or neither. */
  async seal(seal: Seal, carry: Carry, claimId: string): Promise<SealOutcome> {
    const isFirst = carry.sealCount === 0;
    const puts = [
      { Item: sealItem(seal, claimId), ...this.#whileClaimedBy(claimId) },
      {
        Item: carryItem(carryAfter(carry, seal)),
        ConditionExpression: isFirst ? 'attribute_not_exists(pk)' : 'seal_count = :count',
        ...(!isFirst && { ExpressionAttributeValues: { ':count': carry.sealCount } }),
      },
    ];
    const TransactItems = puts.map((put) => ({ Put: { TableName: this.#table, ...put } }));
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems }));
      return 'sealed';
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      if (codes[0] === 'ConditionalCheckFailed') return 'claim_lost';
      if (codes.every((code) => code !== undefined && RETRIED_CODES.has(code))) return 'carry_moved';
      throw error;
    }
  }

  #whileClaimedBy(claimId: string) {
    return {
      ConditionExpression: '#status = :closing AND claim_id = :claim',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':closing': 'closing', ':claim': claimId },
    };
  }
}

/** Reasons that another try, on top of what is there then, may overcome. */
const RETRIED_CODES: ReadonlySet<string> = new Set([
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);
