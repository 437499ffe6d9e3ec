import type { ApiDocument } from '../../../lambdas/docs/api-document.ts';
import { DocumentedAnswers } from '../../support/api-document.ts';
import type { Answer } from '../../support/client.ts';
import type { Credentials } from './credentials.ts';
import type { Exchange, FuzzRequest } from './exchange.ts';
import { problemFaults } from './problem-faults.ts';
import { RequestSchemas } from './request-schemas.ts';
import { type Place, Surface } from './surface.ts';

/** API Gateway takes no other methods: the rest has no route, and so the answer to an unknown path. */
const ROUTED_METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** On every answer, the gateway's own included. */
const HEADERS: Readonly<Record<string, RegExp>> = {
  'x-request-id': /^[\w-]{8,}$/,
  'strict-transport-security': /max-age=\d+/,
  'x-content-type-options': /^nosniff$/,
  'cache-control': /no-store/,
};

/** Whom an operation may refuse a request that its schemas allow: what it names is not there, or is something else. */
const NO_REFUSAL = new Set([404, 409, 412, 413, 428, 429]);

/** Says of any exchange what the contract does not allow. */
export class Judge {
  readonly surface: Surface;
  readonly #answers: DocumentedAnswers;
  readonly #requests: RequestSchemas;
  readonly #credentials: Credentials;

  constructor(document: ApiDocument, credentials: Credentials) {
    this.surface = new Surface(document);
    this.#answers = new DocumentedAnswers(document);
    this.#requests = new RequestSchemas(document);
    this.#credentials = credentials;
  }

  /** The operation an exchange is about, in words. */
  label({ method, target }: FuzzRequest): string {
    return `${method} ${this.surface.place(method, target)?.path ?? 'elsewhere'}`;
  }

  /** @param isValid whether the request is one that must be accepted */
  faults(exchange: Exchange, isValid = false): string[] {
    const { request, answer } = exchange;
    const { status } = answer;
    const place = this.surface.place(request.method, request.target);
    const faults = [
      ...(status >= 500 ? [`it fails with ${status}`] : []),
      ...headerFaults(answer),
      ...(request.method === 'HEAD' ? [] : problemFaults(answer)),
      ...this.#placeFaults(exchange, place),
    ];
    if (place?.operation === undefined) return faults;
    faults.push(...this.#credentialFaults(exchange, place));
    if (status < 300) faults.push(...this.#requests.faults(place.operation, exchange));
    if (isValid && status >= 400 && !NO_REFUSAL.has(status)) faults.push(`it refuses what is valid with ${status}`);
    return faults;
  }

  #placeFaults({ request, answer }: Exchange, place: Place | undefined): string[] {
    const { status } = answer;
    // Whatever stands in the way, a body may be too large.
    if (status === 413 && request.body !== undefined) return [];
    if (place === undefined || (!place.isTidy && status === 404)) {
      return status === 404 ? [] : [`an unknown path is answered ${status}`];
    }
    if (place.operation !== undefined) return this.#answers.faults(request.method, place.path, answer);
    if (!ROUTED_METHODS.has(request.method)) return status === 404 ? [] : [`an unknown method is answered ${status}`];
    if (status !== 405) return [`a method that is not documented is answered ${status}`];
    const allowed = (answer.headers.get('allow') ?? '').split(', ').sort().join();
    return allowed === [...place.methods].sort().join() ? [] : [`Allow says ${allowed}`];
  }

  /** That the right credential, and no other, lets in. */
  #credentialFaults({ request, answer }: Exchange, place: Place): string[] {
    const { status } = answer;
    if (status === 413) return [];
    const access = this.surface.accessAt(place);
    const held = this.#credentials.held(request);
    const isRight = access === 'webhook' ? this.#credentials.isSigned(request) : access === held.kind;
    if (access === 'public' || isRight) {
      if (status === 401) return ['a valid credential is answered 401'];
      if (access === 'admin' && status === 403) return ['an administrator is answered 403'];
      const isSpent = held.kind === 'tenant' && held.isSpent && access === 'tenant';
      return isSpent === (status === 429)
        ? []
        : [`${isSpent ? 'too many requests are' : 'few requests are'} answered ${status}`];
    }
    const due = access === 'admin' && held.kind === 'tenant' ? 403 : 401;
    return status === due ? [] : [`a credential that is none of its own is answered ${status} and not ${due}`];
  }
}

function headerFaults({ headers }: Answer): string[] {
  const wrong = Object.entries(HEADERS).filter(([name, form]) => !form.test(headers.get(name) ?? ''));
  const faults = wrong.map(([name]) => `the header ${name} is ${headers.get(name) ?? 'missing'}`);
  if (headers.has('access-control-allow-origin')) faults.push('any page may read it: access-control-allow-origin');
  return faults;
}
