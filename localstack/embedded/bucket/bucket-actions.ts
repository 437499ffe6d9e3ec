import { type Action, bucketOf } from './action.ts';
import { S3Error } from './errors.ts';
import { defaultRetentionSchema } from './retention.ts';
import { document, textOf } from './xml.ts';

export const listBuckets: Action = ({ buckets }) => {
  const Bucket = buckets.names.map((Name) => ({ Name }));
  return { status: 200, body: document('ListAllMyBucketsResult', { Buckets: { Bucket } }) };
};

/** With Object Lock comes versioning, which cannot be suspended then. */
export const createBucket: Action = async ({ buckets, bucketName, headers }) => {
  const locksObjects = headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true';
  await buckets.create(bucketName, { isVersioned: locksObjects, locksObjects });
  return { status: 200, headers: { location: `/${bucketName}` } };
};

export const headBucket: Action = (request) => {
  bucketOf(request);
  return { status: 200 };
};

export const getVersioning: Action = (request) => {
  const Status = bucketOf(request).settings.isVersioned ? 'Enabled' : undefined;
  return { status: 200, body: document('VersioningConfiguration', { Status }) };
};

export const putVersioning: Action = async (request) => {
  if (textOf(request.body.bytes.toString(), 'Status') !== 'Enabled') {
    throw new S3Error(409, 'InvalidBucketState', 'Versioning can only be enabled here, not suspended.');
  }
  await bucketOf(request).configure({ isVersioned: true });
  return { status: 200 };
};

export const getObjectLock: Action = (request) => {
  const { locksObjects, defaultRetention } = bucketOf(request).settings;
  if (!locksObjects) throw noObjectLock();
  const { mode: Mode, days: Days, years: Years } = defaultRetention ?? {};
  const Rule = defaultRetention && { DefaultRetention: { Mode, Days, Years } };
  return { status: 200, body: document('ObjectLockConfiguration', { ObjectLockEnabled: 'Enabled', Rule }) };
};

/** Turns Object Lock on, for ever, and says what new versions get; older ones keep what they have. */
export const putObjectLock: Action = async (request) => {
  const bucket = bucketOf(request);
  if (!bucket.settings.isVersioned) {
    throw new S3Error(409, 'InvalidBucketState', "Versioning must be 'Enabled' on the bucket to apply Object Lock.");
  }
  const xml = request.body.bytes.toString();
  const number = (name: string) => (textOf(xml, name) === undefined ? undefined : Number(textOf(xml, name)));
  const rule = { mode: textOf(xml, 'Mode'), days: number('Days'), years: number('Years') };
  const hasRule = Object.values(rule).some((value) => value !== undefined);
  const parsed = defaultRetentionSchema.safeParse(rule);
  const isRule = parsed.success && (rule.days === undefined) !== (rule.years === undefined);
  if (textOf(xml, 'ObjectLockEnabled') !== 'Enabled' || (hasRule && !isRule)) {
    throw new S3Error(400, 'MalformedXML', 'The XML you provided was not well-formed or did not validate.');
  }
  await bucket.configure({ locksObjects: true, defaultRetention: hasRule ? parsed.data : undefined });
  return { status: 200 };
};

function noObjectLock(): S3Error {
  const message = 'Object Lock configuration does not exist for this bucket';
  return new S3Error(404, 'ObjectLockConfigurationNotFoundError', message);
}
