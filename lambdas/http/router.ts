import type { TenantId } from '../domain/ids.ts';
import type { Scope } from '../domain/scope.ts';
import type { Telemetry } from '../telemetry.ts';
import { type Authenticate, type Principal, unauthenticated } from './authenticate.ts';
import { Cors } from './cors.ts';
import { REQUEST_ID_HEADER, securityHeaders } from './headers.ts';
import { refuseEncoded } from './json-body.ts';
import { BODY_MAX_BYTES } from './limits.ts';
import { matchesPath, pathParameters } from './path.ts';
import { notFound, Problem, problemDocument, problemHeaders } from './problem.ts';
import { type HttpRequest, type HttpResponse, segmentsOf } from './request.ts';

export interface Call {
  readonly request: HttpRequest;
  /** The path's `{name}` parts, decoded once. Reading them throws a 404 when they can't be decoded. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** JSON, or a text or bytes of another type; headers of its own win over those of every answer. */
export type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } & (
  | { readonly body: object }
  | { readonly contentType: string; readonly text: string }
  | { readonly contentType: string; readonly bytes: Uint8Array }
);

/** What a route asks before it lets a caller in. */
export interface Gate {
  readonly authenticate: Authenticate;
  /** Counts one request of a tenant; throws a 429 when that is one too many. */
  readonly countRequest: (tenant: TenantId) => Promise<void>;
}

export interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly bodyMaxBytes: number;
  /** Authenticates, authorizes and counts the caller, or throws; gives what answers it. Nothing of the body is read before. */
  readonly admit: (call: Call, gate: Gate) => Promise<() => Promise<Answer>>;
}

type Tenant = Extract<Principal, { kind: 'tenant' }>;

interface RouteOptions {
  /** Where a body may be larger than elsewhere. */
  readonly bodyMaxBytes?: number;
}

/** A route with a way in of its own. */
export function route(method: string, path: string, admit: Route['admit'], options: RouteOptions = {}): Route {
  return { method, segments: segmentsOf(path), bodyMaxBytes: options.bodyMaxBytes ?? BODY_MAX_BYTES, admit };
}

/** A route for anyone. */
export function publicRoute(method: string, path: string, answer: (call: Call) => Promise<Answer>): Route {
  return route(method, path, async (call) => () => answer(call));
}

/** A route for a tenant's credential of this scope, which alone decides whose data it is and whose requests are counted. */
export function tenantRoute(
  method: string,
  path: string,
  scope: Scope,
  answer: (call: Call, tenant: Tenant) => Promise<Answer>,
  options?: RouteOptions,
): Route {
  const admit: Route['admit'] = async (call, { authenticate, countRequest }) => {
    const principal = await authenticate(call.request.headers.get('authorization'));
    // An administrator is nobody's tenant: as a tenant's credential its token is not valid at all.
    if (principal.kind !== 'tenant') throw unauthenticated();
    if (!principal.scopes.includes(scope)) throw new Problem('forbidden', `This key lacks the scope ${scope}.`);
    await countRequest(principal.tenant);
    return () => answer(call, principal);
  };
  return route(method, path, admit, options);
}

interface RouterOptions {
  /** Whose pages may call from a browser; nobody's unless listed. */
  readonly corsOrigins?: readonly string[];
  /** Bounds each tenant's requests; without it they are not counted. */
  readonly countRequest?: Gate['countRequest'];
}

/**
 * Answers a request by the first route that fits, with the checks in the contract's order: size, credential, then the
 * route's own. Whatever is thrown becomes a problem document; what is not a Problem becomes a 503 and is logged.
 */
export function createRouter(
  routes: readonly Route[],
  authenticate: Authenticate,
  telemetry: Telemetry,
  options: RouterOptions = {},
) {
  const cors = new Cors(options.corsOrigins ?? []);
  const gate: Gate = { authenticate, countRequest: options.countRequest ?? (async () => undefined) };

  const problemResponse = (request: HttpRequest, problem: Problem): HttpResponse => {
    const { kind, message, fieldErrors, hints } = problem;
    const headers = { ...commonHeaders(request, cors), ...problemHeaders(kind, hints) };
    return {
      status: problem.status,
      headers,
      body: JSON.stringify(problemDocument(kind, message, request.id, fieldErrors)),
    };
  };

  return async (request: HttpRequest): Promise<HttpResponse> => {
    try {
      const here = routes.filter(({ segments }) => matchesPath(segments, request.segments));
      const preflight =
        here.length > 0
          ? cors.preflight(
              request,
              here.map(({ method }) => method),
            )
          : undefined;
      if (preflight !== undefined) {
        return { status: 204, headers: { ...commonHeaders(request, cors), ...preflight }, body: '' };
      }
      return respond(request, cors, await dispatch(here, gate, request));
    } catch (error) {
      if (error instanceof Problem) return problemResponse(request, error);
      telemetry.count('internalErrors');
      telemetry.error('A request could not be answered.', error, { request_id: request.id });
      return problemResponse(request, new Problem('unavailable', 'Send the same request again in a moment.'));
    }
  };
}

/** @param here the routes with this request's path */
async function dispatch(here: readonly Route[], gate: Gate, request: HttpRequest): Promise<Answer> {
  if (here.length === 0) throw notFound();
  const route = here.find(({ method }) => method === request.method);
  if (route === undefined) {
    const allow = here.map(({ method }) => method).join(', ');
    throw new Problem('method_not_allowed', `Use ${allow} here.`, { allow });
  }
  if (request.body.byteLength > route.bodyMaxBytes) {
    throw new Problem('too_large', `Send at most ${route.bodyMaxBytes} bytes in one request.`);
  }
  const call: Call = {
    request,
    // Decoded when asked for: who has no credential learns nothing of the path, not even that it is a bad one.
    get parameters() {
      return pathParameters(route.segments, request.segments);
    },
  };
  const answer = await route.admit(call, gate);
  refuseEncoded(request);
  return answer();
}

function commonHeaders(request: HttpRequest, cors: Cors): Record<string, string> {
  return { ...securityHeaders, [REQUEST_ID_HEADER]: request.id, ...cors.headers(request) };
}

function respond(request: HttpRequest, cors: Cors, answer: Answer): HttpResponse {
  const contentType = 'body' in answer ? 'application/json' : answer.contentType;
  const headers = { ...commonHeaders(request, cors), 'content-type': contentType, ...answer.headers };
  return { status: answer.status, headers, body: contentOf(answer) };
}

function contentOf(answer: Answer): string | Uint8Array {
  if ('bytes' in answer) return answer.bytes;
  return 'text' in answer ? answer.text : JSON.stringify(answer.body);
}
