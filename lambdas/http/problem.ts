import { RETRY_AFTER_SECONDS } from './limits.ts';

/**
 * Every refusal a caller can meet, as RFC 9457 problem details: the one closed set, used by the handlers and, for what
 * API Gateway refuses before a handler runs, by the stack. The detail tells the caller what to do next.
 */
const kinds = {
  malformed: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'No valid credential' },
  forbidden: { status: 403, title: 'Not allowed with this credential' },
  not_found: { status: 404, title: 'Nothing here' },
  method_not_allowed: { status: 405, title: 'Wrong method' },
  conflict: { status: 409, title: 'This id was used with another payload' },
  key_revoked: { status: 409, title: 'The key is revoked' },
  period_closed: { status: 409, title: 'The period is closed, or being closed' },
  precondition_failed: { status: 412, title: 'It has changed meanwhile' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media: { status: 415, title: 'Unsupported body encoding or type' },
  precondition_required: { status: 428, title: 'Say which version you mean to change' },
  throttled: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const;

export type ProblemKind = keyof typeof kinds;

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What a refusal tells the caller in headers of its own. */
export interface ProblemHints {
  /** The methods a 405 must name (RFC 9110, 15.5.6). */
  readonly allow?: string;
  readonly retryAfterSeconds?: number;
}

/** A refusal on its way to the caller. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly fieldErrors: readonly FieldError[];
  readonly hints: ProblemHints;

  constructor(kind: ProblemKind, detail: string, options: ProblemHints & { errors?: readonly FieldError[] } = {}) {
    const { errors = [], ...hints } = options;
    super(detail);
    this.kind = kind;
    this.fieldErrors = errors;
    this.hints = hints;
  }

  get status(): number {
    return kinds[this.kind].status;
  }
}

/** A 400 that names the fields at fault. */
export function malformed(errors: readonly FieldError[]): Problem {
  return new Problem('malformed', errors.map((error) => `${error.field}: ${error.message}`).join('; '), { errors });
}

export function notFound(): Problem {
  return new Problem('not_found', 'There is nothing here that this credential can see.');
}

/** The problem document; `type` is a stable URN, since no web page of ours need outlive the caller's code. */
export function problemDocument(
  kind: ProblemKind,
  detail: string,
  requestId: string,
  errors: readonly FieldError[] = [],
) {
  const { status, title } = kinds[kind];
  const document = { type: `urn:zerosum:problem:${kind}`, title, status, detail, request_id: requestId };
  return errors.length > 0 ? { ...document, errors } : document;
}

/** Headers that go with a refusal besides those of every response. */
export function problemHeaders(kind: ProblemKind, hints: ProblemHints = {}): Record<string, string> {
  const { allow, retryAfterSeconds = RETRY_AFTER_SECONDS } = hints;
  return {
    'content-type': 'application/problem+json',
    ...(kind === 'unauthenticated' && { 'www-authenticate': 'Bearer' }),
    ...((kind === 'unavailable' || kind === 'throttled') && { 'retry-after': String(retryAfterSeconds) }),
    ...(allow !== undefined && { allow }),
  };
}
