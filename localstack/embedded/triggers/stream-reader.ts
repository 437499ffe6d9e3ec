import { type AwsJson, EngineError } from '../engines/aws-json.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { EngineRecord } from './stream-record.ts';

interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
}

/** What a read brought: records in order, and whether the shard holds no more and never will. */
export interface ShardPage {
  readonly records: readonly EngineRecord[];
  readonly ended: boolean;
}

/** An iterator, and the sequence number behind which it stands. */
interface Cursor {
  readonly after: string | undefined;
  readonly iterator: string;
}

/** `GetRecords` gives at most so many (DynamoDB API Reference). */
const MOST_RECORDS_PER_READ = 1_000;

/**
 * Reads one stream for one mapping, shard by shard. The list of shards is asked for once, and again whenever one has
 * ended or a read failed: neither engine opens a shard beside an open one, and dynoxide counts all records to answer.
 */
export class StreamReader {
  readonly #streams: AwsJson;
  readonly #stream: string;
  readonly #checkpoint: Checkpoint;
  readonly #cursors = new Map<string, Cursor>();
  #shards: readonly Shard[] | undefined;

  /** @param stream its ARN as the engine says it */
  constructor(streams: AwsJson, stream: string, checkpoint: Checkpoint) {
    this.#streams = streams;
    this.#stream = stream;
    this.#checkpoint = checkpoint;
  }

  /** The shards to read from now: a child waits until its parent has been read to the end, which keeps a key's order. */
  async shardIds(): Promise<string[]> {
    this.#shards ??= await this.#describe();
    const shards = this.#shards;
    const unread = shards.filter(({ ShardId }) => !this.#checkpoint.of(ShardId).ended);
    const unreadIds = new Set(unread.map(({ ShardId }) => ShardId));
    return unread
      .filter(({ ParentShardId }) => ParentShardId === undefined || !unreadIds.has(ParentShardId))
      .map(({ ShardId }) => ShardId);
  }

  /** The records after this sequence number, or from the oldest kept. May be empty though there are more. */
  async read(shardId: string, after: string | undefined, limit: number): Promise<ShardPage> {
    const cursor = this.#cursors.get(shardId);
    const ShardIterator = cursor?.after === after && cursor ? cursor.iterator : await this.#iterator(shardId, after);
    const Limit = Math.min(limit, MOST_RECORDS_PER_READ);
    const answer = (await this.#streams.call('GetRecords', { ShardIterator, Limit })) as {
      Records: readonly EngineRecord[];
      NextShardIterator?: string;
    };
    const { Records: records, NextShardIterator: iterator } = answer;
    if (iterator) this.#cursors.set(shardId, { after: records.at(-1)?.dynamodb.SequenceNumber ?? after, iterator });
    else this.forget();
    return { records, ended: !iterator };
  }

  /** After a failed call: iterators and the list of shards may be out of date. */
  forget(): void {
    this.#cursors.clear();
    this.#shards = undefined;
  }

  async #describe(): Promise<Shard[]> {
    const shards: Shard[] = [];
    let ExclusiveStartShardId: string | undefined;
    do {
      const input = { StreamArn: this.#stream, ...(ExclusiveStartShardId && { ExclusiveStartShardId }) };
      const { StreamDescription } = (await this.#streams.call('DescribeStream', input)) as {
        StreamDescription: { Shards: readonly Shard[]; LastEvaluatedShardId?: string };
      };
      shards.push(...StreamDescription.Shards);
      ExclusiveStartShardId = StreamDescription.LastEvaluatedShardId;
    } while (ExclusiveStartShardId);
    return shards;
  }

  async #iterator(ShardId: string, after: string | undefined): Promise<string> {
    const at = { StreamArn: this.#stream, ShardId };
    const oldest = { ...at, ShardIteratorType: 'TRIM_HORIZON' };
    if (after === undefined) return this.#ask(oldest);
    try {
      return await this.#ask({ ...at, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after });
    } catch (error) {
      // Kept for 24 hours only: what this mapping has missed is gone, and the oldest there is comes next.
      if (error instanceof EngineError && error.type === 'TrimmedDataAccessException') return this.#ask(oldest);
      throw error;
    }
  }

  async #ask(input: object): Promise<string> {
    return ((await this.#streams.call('GetShardIterator', input)) as { ShardIterator: string }).ShardIterator;
  }
}
