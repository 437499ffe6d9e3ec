import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { retentionSchema } from './retention.ts';

/** Everything about one version of an object but its bytes. */
const versionSchema = z.object({
  key: z.string(),
  id: z.string(),
  /** ISO timestamp. */
  modifiedAt: z.string(),
  isDeleteMarker: z.boolean(),
  /** Bytes. */
  size: z.number(),
  etag: z.string(),
  checksums: z.record(z.string(), z.string()),
  /** Headers given back as they came: the content's type and encoding, `x-amz-meta-*`. */
  headers: z.record(z.string(), z.string()),
  retention: retentionSchema.optional(),
});

export type Version = z.infer<typeof versionSchema>;

/** Sixteen digits hold any count that will ever be. */
const COUNT_DIGITS = 16;

/** An id nobody can guess, beginning with a count, so that later versions sort after earlier ones. */
export function versionId(count: number): string {
  return `${String(count).padStart(COUNT_DIGITS, '0')}-${randomBytes(8).toString('hex')}`;
}

export function countOf(id: string): number {
  return Number(id.slice(0, COUNT_DIGITS));
}

/** A version's file: one line of JSON, then the bytes. One file, so that neither is ever there without the other. */
export function encode(version: Version, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(version)}\n`), body]);
}

/** Throws when the file is not as `encode` made it, whole. */
export function decode(file: Buffer): { version: Version; body: Buffer } {
  const lineEnd = file.indexOf('\n');
  const version = versionSchema.parse(JSON.parse(file.toString('utf8', 0, lineEnd)));
  const body = file.subarray(lineEnd + 1);
  if (body.length !== version.size) throw new Error(`${version.id} should be ${version.size} bytes long`);
  return { version, body };
}
