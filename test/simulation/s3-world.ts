import { Random } from './random.ts';
import type { BucketSettings } from './s3/bucket.ts';
import { EXACT_S3, type S3Nastiness } from './s3/nastiness.ts';
import { SimulatedS3 } from './s3/s3.ts';

export const LOCK_DAYS = 10;

export const LOCKED: BucketSettings = { name: 'locked', defaultRetention: { mode: 'COMPLIANCE', days: LOCK_DAYS } };
/** As the stack has it (lib/anchor-bucket.ts). */
export const ANCHORS: BucketSettings = { ...LOCKED, name: 'anchors', onlyUnderNewKeys: true };
export const UNLOCKED: BucketSettings = { name: 'plain', defaultRetention: undefined };

/** Simulated buckets, on a clock that a test moves. */
export class S3World {
  nowMs = 0;
  readonly s3: SimulatedS3;

  constructor(nastiness: Partial<S3Nastiness> = {}, seed = 'seed') {
    this.s3 = new SimulatedS3({
      buckets: [LOCKED, ANCHORS, UNLOCKED],
      nowMs: () => this.nowMs,
      random: new Random(seed),
      nastiness: { ...EXACT_S3, ...nastiness },
    });
  }

  /** The call arrives; what it does, it does when the function given back is called. */
  arrive(command: string, input: object): () => object {
    return this.s3.arrive({ command: `${command}Command`, input: { Bucket: LOCKED.name, ...input }, caller: 'test' });
  }

  /** One call, answered at once. */
  call(command: string, input: object): object {
    return this.arrive(command, input)();
  }

  put(Key: string, Body: string, more: object = {}): object {
    return this.call('PutObject', { Key, Body, ...more });
  }

  async read(Key: string, more: object = {}): Promise<string> {
    const { Body } = this.call('GetObject', { Key, ...more }) as { Body: { transformToString(): Promise<string> } };
    return Body.transformToString();
  }

  /** The keys of one list, and where the next goes on. */
  list(input: object = {}): { readonly keys: string[]; readonly next: string | undefined } {
    const answer = this.call('ListObjectsV2', input) as {
      Contents?: { Key: string }[];
      NextContinuationToken?: string;
    };
    return { keys: (answer.Contents ?? []).map(({ Key }) => Key), next: answer.NextContinuationToken };
  }
}
