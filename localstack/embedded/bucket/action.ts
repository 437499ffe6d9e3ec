import type { Body } from './body.ts';
import type { Bucket } from './bucket.ts';
import type { Buckets } from './buckets.ts';

export interface S3Request {
  readonly buckets: Buckets;
  readonly bucketName: string;
  readonly key: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly now: Date;
}

export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** XML, or an object's bytes. */
  readonly body?: string | Buffer;
  /** Of a body that is not sent, as for HEAD. */
  readonly length?: number;
}

/** An operation of S3. Throws `S3Error`. */
export type Action = (request: S3Request) => S3Answer | Promise<S3Answer>;

/** The bucket a request names. */
export function bucketOf({ buckets, bucketName }: S3Request): Bucket {
  return buckets.named(bucketName);
}

/** The retention mode that may be overruled is, when the request says so. */
export function changeBy({ headers, now }: S3Request) {
  return { now, bypassesGovernance: headers['x-amz-bypass-governance-retention']?.toLowerCase() === 'true' };
}
