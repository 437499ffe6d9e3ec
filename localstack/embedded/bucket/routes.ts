import type { Action } from './action.ts';
import * as onBuckets from './bucket-actions.ts';
import { notImplemented } from './errors.ts';
import * as onLists from './list-actions.ts';
import * as onObjects from './object-actions.ts';

interface Route {
  readonly run: Action;
  /** Query parameters it understands, besides the one that names it. */
  readonly parameters?: readonly string[];
}

/** By what a request addresses, its method, and the query parameter that names the operation, if one does. */
const routes: Readonly<Record<'service' | 'bucket' | 'object', Readonly<Record<string, Route>>>> = {
  service: { GET: { run: onBuckets.listBuckets } },
  bucket: {
    PUT: { run: onBuckets.createBucket },
    HEAD: { run: onBuckets.headBucket },
    'GET versioning': { run: onBuckets.getVersioning },
    'PUT versioning': { run: onBuckets.putVersioning },
    'GET object-lock': { run: onBuckets.getObjectLock },
    'PUT object-lock': { run: onBuckets.putObjectLock },
    'GET list-type': {
      run: onLists.listObjects,
      parameters: ['prefix', 'continuation-token', 'max-keys', 'start-after'],
    },
    'GET versions': {
      run: onLists.listVersions,
      parameters: ['prefix', 'key-marker', 'version-id-marker', 'max-keys'],
    },
  },
  object: {
    PUT: { run: onObjects.putObject },
    GET: { run: onObjects.getObject, parameters: ['versionId'] },
    HEAD: { run: onObjects.headObject, parameters: ['versionId'] },
    DELETE: { run: onObjects.deleteObject, parameters: ['versionId'] },
    'GET retention': { run: onObjects.getRetention, parameters: ['versionId'] },
    'PUT retention': { run: onObjects.putRetention, parameters: ['versionId'] },
  },
};

const NAMING_PARAMETERS = ['versioning', 'object-lock', 'list-type', 'versions', 'retention'];

/** The SDK says the operation's name here too, for logs. */
const IGNORED_PARAMETER = 'x-id';

/** Headers that would change what an operation does, and don't here. */
const REFUSED_HEADERS = [
  'if-match',
  'if-modified-since',
  'if-unmodified-since',
  'range',
  'x-amz-copy-source',
  'x-amz-object-lock-legal-hold',
  'x-amz-server-side-encryption-customer-key',
  'x-amz-write-offset-bytes',
];

/** The operation a request asks for. Throws `NotImplemented` when any part of it would be left unheeded. */
export function route(
  method: string,
  { bucketName, key }: { bucketName: string; key: string },
  query: URLSearchParams,
  headers: Readonly<Record<string, string>>,
): Action {
  const kind = bucketName === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const naming = NAMING_PARAMETERS.find((name) => query.has(name));
  const found = routes[kind][naming === undefined ? method : `${method} ${naming}`];
  if (found === undefined) throw notImplemented(`${method} of a ${kind} with the parameters ${query}`);
  const known = [naming, IGNORED_PARAMETER, ...(found.parameters ?? [])];
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) throw notImplemented(`The parameter ${unknown}`);
  const refused = REFUSED_HEADERS.find((name) => headers[name] !== undefined);
  if (refused !== undefined) throw notImplemented(`The header ${refused}`);
  if (method !== 'PUT' && headers['if-none-match'] !== undefined) throw notImplemented('The header if-none-match');
  return found.run;
}
