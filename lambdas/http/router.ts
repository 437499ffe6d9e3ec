import type { Telemetry } from '../telemetry.ts';
import { type Authenticate, type Principal, unauthenticated } from './authenticate.ts';
import { REQUEST_ID_HEADER, securityHeaders } from './headers.ts';
import { Problem, type ProblemKind, problemDocument, problemHeaders } from './problem.ts';
import { type HttpRequest, type HttpResponse, segmentsOf } from './request.ts';

/** Each access rule is the credential a route takes; what else arrives is a 401 or a 403. */
interface Access {
  readonly tenant: Extract<Principal, { kind: 'tenant' }>;
  readonly admin: Extract<Principal, { kind: 'admin' }>;
  readonly public: undefined;
}

export interface Call {
  readonly request: HttpRequest;
  /** The path's `{name}` parts, decoded once. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly body: object;
}

export interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly access: keyof Access;
  readonly answer: (call: Call, principal: Principal | undefined) => Promise<Answer>;
}

/** 256 KiB: an SQS message of that size was the first limit users met, and no single event comes near it. */
export const BODY_MAX_BYTES = 256 * 1024;

/** A route for anyone. */
export function publicRoute(method: string, path: string, answer: (call: Call) => Promise<Answer>): Route {
  return { method, segments: segmentsOf(path), access: 'public', answer };
}

/** A route for a tenant's credential, which alone decides whose data it is. */
export function tenantRoute(
  method: string,
  path: string,
  answer: (call: Call, tenant: Access['tenant']) => Promise<Answer>,
): Route {
  return {
    ...{ method, segments: segmentsOf(path), access: 'tenant' },
    answer: (call, principal) => {
      // An administrator is nobody's tenant: as a tenant's credential its token is not valid at all.
      if (principal?.kind !== 'tenant') throw unauthenticated();
      return answer(call, principal);
    },
  };
}

/** A route for an administrator's credential. A tenant's is a valid one that may not do this. */
export function adminRoute(
  method: string,
  path: string,
  answer: (call: Call, admin: Access['admin']) => Promise<Answer>,
): Route {
  return {
    ...{ method, segments: segmentsOf(path), access: 'admin' },
    answer: (call, principal) => {
      if (principal?.kind !== 'admin') throw new Problem('forbidden', 'Only an administrator may do this.');
      return answer(call, principal);
    },
  };
}

/**
 * Answers a request by the first route that fits, with the checks in the contract's order: size, credential, then the
 * route's own. Whatever is thrown becomes a problem document; what is not a Problem becomes a 503 and is logged.
 */
export function createRouter(routes: readonly Route[], authenticate: Authenticate, telemetry: Telemetry) {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    try {
      return respond(request, await dispatch(routes, authenticate, request));
    } catch (error) {
      if (error instanceof Problem) return respondProblem(request, error);
      telemetry.count('internalErrors');
      telemetry.error('A request could not be answered.', error, { request_id: request.id });
      return respondProblem(request, new Problem('unavailable', 'Send the same request again in a moment.'));
    }
  };
}

async function dispatch(routes: readonly Route[], authenticate: Authenticate, request: HttpRequest): Promise<Answer> {
  const here = routes.filter((route) => matches(route.segments, request.segments));
  if (here.length === 0) throw notFound();
  const route = here.find(({ method }) => method === request.method);
  if (route === undefined) {
    const allow = here.map(({ method }) => method).join(', ');
    throw new Problem('method_not_allowed', `Use ${allow} here.`, { allow });
  }
  if (request.body.byteLength > BODY_MAX_BYTES) {
    throw new Problem('too_large', `Send at most ${BODY_MAX_BYTES} bytes in one request.`);
  }
  const principal = route.access === 'public' ? undefined : await authenticate(request.headers.get('authorization'));
  const parameters = parametersOf(route.segments, request.segments);
  return route.answer({ request, parameters }, principal);
}

export function notFound(): Problem {
  return new Problem('not_found', 'There is nothing here that this credential can see.');
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length && pattern.every((part, index) => isParameter(part) || part === segments[index])
  );
}

function parametersOf(pattern: readonly string[], segments: readonly string[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [index, part] of pattern.entries()) {
    if (isParameter(part)) parameters.set(part.slice(1, -1), decoded(segments[index] ?? ''));
  }
  return parameters;
}

function isParameter(part: string): boolean {
  return part.startsWith('{');
}

/** A segment that is not well encoded names nothing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound();
  }
}

function respond(request: HttpRequest, { status, body }: Answer): HttpResponse {
  const headers = { ...securityHeaders, [REQUEST_ID_HEADER]: request.id, 'content-type': 'application/json' };
  return { status, headers, body: JSON.stringify(body) };
}

function respondProblem(request: HttpRequest, problem: Problem): HttpResponse {
  const kind: ProblemKind = problem.kind;
  const headers = { ...securityHeaders, [REQUEST_ID_HEADER]: request.id, ...problemHeaders(kind, problem.allow) };
  const document = problemDocument(kind, problem.message, request.id, problem.fieldErrors);
  return { status: problem.status, headers, body: JSON.stringify(document) };
}
