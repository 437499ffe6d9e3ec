import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { notImplemented, S3Error } from './errors.ts';

const PREFIX = 'x-amz-checksum-';

/** Checksums by algorithm, each as S3 writes it: base64 of the bytes, a CRC's big-endian. */
export type Checksums = Readonly<Record<string, string>>;

const algorithms: Readonly<Record<string, (body: Buffer) => string>> = {
  crc32: (body) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  },
  sha1: (body) => createHash('sha1').update(body).digest('base64'),
  sha256: (body) => createHash('sha256').update(body).digest('base64'),
};

/** Names that begin like a checksum and are none. */
const NO_CHECKSUMS = new Set(['mode', 'type', 'algorithm']);

/**
 * Compares what a request says of its body, in headers or trailers, with the body; gives the checksums to keep. Throws
 * `BadDigest` for any that differs.
 */
export function verify(body: Buffer, fields: Readonly<Record<string, string>>): Checksums {
  verifyMd5(body, fields['content-md5']);
  const sha256 = fields['x-amz-content-sha256'];
  // Other values say how the body is signed, which nobody checks here.
  if (sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) && sha256 !== hexSha256(body)) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new S3Error(400, 'XAmzContentSHA256Mismatch', message);
  }
  const given = Object.entries(fields).filter(([name]) => name.startsWith(PREFIX));
  const checksums = given.map(([name, value]) => [name.slice(PREFIX.length), value] as const);
  const kept = checksums.filter(([algorithm]) => !NO_CHECKSUMS.has(algorithm));
  for (const [algorithm, value] of kept) {
    const compute = Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm] : undefined;
    if (compute === undefined) throw notImplemented(`A checksum by ${algorithm}`);
    if (compute(body) !== value) {
      const message = `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`;
      throw new S3Error(400, 'BadDigest', message);
    }
  }
  return Object.fromEntries(kept);
}

/** Whether a request says anything that its body can be held against. */
export function hasDigest(fields: Readonly<Record<string, string>>, checksums: Checksums): boolean {
  return fields['content-md5'] !== undefined || Object.keys(checksums).length > 0;
}

/** As headers of an answer. */
export function checksumHeaders(checksums: Checksums): Record<string, string> {
  const headers = Object.entries(checksums).map(([algorithm, value]) => [PREFIX + algorithm, value]);
  return headers.length === 0 ? {} : { ...Object.fromEntries(headers), 'x-amz-checksum-type': 'FULL_OBJECT' };
}

function verifyMd5(body: Buffer, given: string | undefined): void {
  if (given === undefined) return;
  if (Buffer.from(given, 'base64').length !== 16) {
    throw new S3Error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  if (createHash('md5').update(body).digest('base64') === given) return;
  throw new S3Error(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
}

function hexSha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
