import type { IncomingMessage } from 'node:http';
import { type Access, UnreadableRequest } from './access.ts';

/** By what a request addresses, its method and the query parameter that names the operation (Service Authorization Reference, "Amazon S3"). */
const ACTIONS: Readonly<Record<'bucket' | 'object', Readonly<Record<string, string>>>> = {
  bucket: {
    PUT: 'CreateBucket',
    HEAD: 'ListBucket',
    'GET list-type': 'ListBucket',
    'GET versions': 'ListBucketVersions',
    'GET versioning': 'GetBucketVersioning',
    'PUT versioning': 'PutBucketVersioning',
    'GET object-lock': 'GetBucketObjectLockConfiguration',
    'PUT object-lock': 'PutBucketObjectLockConfiguration',
  },
  object: {
    PUT: 'PutObject',
    GET: 'GetObject',
    HEAD: 'GetObject',
    DELETE: 'DeleteObject',
    'GET versionId': 'GetObjectVersion',
    'HEAD versionId': 'GetObjectVersion',
    'DELETE versionId': 'DeleteObjectVersion',
    'GET retention': 'GetObjectRetention',
    'PUT retention': 'PutObjectRetention',
  },
};

const NAMING_PARAMETERS = ['versioning', 'object-lock', 'list-type', 'versions', 'retention', 'versionId'];

/** Parameters that only say which part of an answer is wanted; any other names an operation that is not known here. */
const PLAIN_PARAMETERS = [
  ...['x-id', 'prefix', 'start-after', 'max-keys'],
  ...['continuation-token', 'key-marker', 'version-id-marker'],
];

/** Headers that ask for another action besides the request's own. */
const HEADER_ACTIONS: Readonly<Record<string, string>> = {
  'x-amz-object-lock-mode': 'PutObjectRetention',
  'x-amz-object-lock-retain-until-date': 'PutObjectRetention',
  'x-amz-object-lock-legal-hold': 'PutObjectLegalHold',
  'x-amz-bypass-governance-retention': 'BypassGovernanceRetention',
  'x-amz-tagging': 'PutObjectTagging',
  'x-amz-acl': 'PutObjectAcl',
};

/** Of its path, the bucket is part. */
type S3Facts = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** What a request of S3 does. Throws an `UnreadableRequest` for an operation that is not known here. */
export function s3Access({ method = '', url = '', headers }: S3Facts): Access[] {
  const [path = '', search = ''] = url.split(/\?(.*)/s);
  const { bucket, key } = placeOf(path);
  const query = new URLSearchParams(search);
  const naming = NAMING_PARAMETERS.find((name) => query.has(name));
  const operations = ACTIONS[key === '' ? 'bucket' : 'object'];
  const operation = operations[naming === undefined ? method : `${method} ${naming}`];
  const isKnown = [...query.keys()].every(
    (name) => NAMING_PARAMETERS.includes(name) || PLAIN_PARAMETERS.includes(name),
  );
  if (bucket === '' || operation === undefined || !isKnown)
    throw new UnreadableRequest(`${method} with "${search}" is no known operation`);
  const resource = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  const context = (name: string) => {
    if (name === 's3:if-none-match') return [headers['if-none-match'] ?? []].flat();
    if (name === 's3:prefix') return query.getAll('prefix');
    return undefined;
  };
  const others = Object.entries(HEADER_ACTIONS).flatMap(([header, action]) => (header in headers ? [action] : []));
  return [...new Set([operation, ...others])].map((action) => ({ action: `s3:${action}`, resource, context }));
}

/** The access that decides whether a missing object is said to be missing: without it S3 denies instead ("GetObject"). */
export function listingOf(object: Access): Access {
  const [bucket = ''] = object.resource.split('/');
  return { action: 's3:ListBucket', resource: bucket, context: object.context };
}

function placeOf(path: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch {
    throw new UnreadableRequest('its path is no URI');
  }
}
