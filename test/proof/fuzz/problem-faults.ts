import type { Answer } from '../../support/client.ts';

/** The closed set of the contract, by the status each comes with. */
const TYPES: Readonly<Record<number, readonly string[]>> = {
  400: ['malformed'],
  401: ['unauthenticated'],
  403: ['forbidden'],
  404: ['not_found'],
  405: ['method_not_allowed'],
  409: ['conflict', 'key_revoked', 'period_closed'],
  412: ['precondition_failed'],
  413: ['too_large'],
  415: ['unsupported_media'],
  428: ['precondition_required'],
  429: ['throttled'],
  503: ['unavailable'],
};

const URN = 'urn:zerosum:problem:';

/** What no caller is to learn of us: a stack's line, an address or a name inside AWS, an exception's name. */
const INTERNAL = /\bat .{1,80}:\d+:\d+|arn:aws|node_modules|Exception\b|\bTypeError\b|\bDynamo/;

/** What is wrong with a refusal as a problem document (RFC 9457) of our own; nothing, when the answer is none. */
export function problemFaults({ status, headers, json, text }: Answer): string[] {
  if (status < 400) return [];
  const faults: string[] = [];
  if (headers.get('content-type') !== 'application/problem+json') {
    faults.push(`a refusal is of type ${headers.get('content-type')}`);
  }
  const types = (TYPES[status] ?? []).map((kind) => `${URN}${kind}`);
  const { type, title, status: told, detail, request_id: requestId } = json ?? {};
  if (!types.includes(type)) faults.push(`a ${status} is of the kind ${type}`);
  if (told !== status) faults.push(`a ${status} says that it is ${told}`);
  if (typeof title !== 'string' || typeof detail !== 'string') faults.push('a refusal has no title or detail');
  if (requestId !== headers.get('x-request-id')) faults.push('a refusal names another request');
  if (INTERNAL.test(text)) faults.push('a refusal tells of our insides');
  // API Gateway renames this header on its way out.
  const names = ['www-authenticate', 'x-amzn-remapped-www-authenticate'];
  if (status === 401 && !names.some((name) => headers.has(name))) faults.push('a 401 names no scheme');
  if (status === 405 && !headers.has('allow')) faults.push('a 405 names no methods');
  if ((status === 429 || status === 503) && !/^[1-9]\d*$/.test(headers.get('retry-after') ?? '')) {
    faults.push(`a ${status} does not say when to come again`);
  }
  return faults;
}
