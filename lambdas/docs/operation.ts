import type * as z from 'zod';
import type { Scope } from '../domain/scope.ts';
import type { ProblemKind } from '../http/problem.ts';
import type { routes } from '../http/routes.ts';

/** Which credential an operation takes. */
export type Access = 'public' | 'tenant' | 'admin' | 'webhook';

/** A request that a reader can send as it stands, and what it is answered on a fresh development stack. */
export interface Example {
  /** Unique within its operation. */
  readonly name: string;
  readonly summary: string;
  /** Path and query parameters, not encoded. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Headers besides the credential's and the type's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A body of another type than JSON. */
  readonly contentType?: string;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly status: number;
  readonly answer: unknown;
  /** Whether the whole answer is longer than what is shown. */
  readonly isExcerpt?: boolean;
}

/** An answer that is no problem document. */
export interface Success {
  readonly description: string;
  readonly contentType?: string;
  /** Names of headers besides those of every answer. */
  readonly headers?: readonly 'etag'[];
  readonly schema: z.ZodType;
}

/** One method of one path: the document, the page and the tests are made of these. */
export interface Operation {
  readonly route: keyof typeof routes;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly access: Access;
  /** Which scope it asks of an API key, if it takes any. */
  readonly scope?: Scope;
  readonly id: string;
  /** Under which heading a reader finds it. */
  readonly tag: 'Usage' | 'Ledger' | 'Administration' | 'Proof' | 'Service';
  readonly summary: string;
  /** Paragraphs, with `code` in backticks. */
  readonly description: string;
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  /** The schema of the body, by content type. */
  readonly body?: { readonly required: boolean; readonly content: Readonly<Record<string, z.ZodType>> };
  readonly answers: Readonly<Record<number, Success>>;
  /** The refusals it has besides those of every operation with its credential and body. */
  readonly problems: readonly ProblemKind[];
  readonly examples: readonly [Example, ...Example[]];
}

/** The refusals an operation can answer, its own and those every operation of its form has. */
export function problemsOf(operation: Operation): ProblemKind[] {
  const kinds = new Set<ProblemKind>(['throttled', 'unavailable', ...operation.problems]);
  if (operation.access !== 'public') kinds.add('unauthenticated');
  if (operation.access === 'admin' || operation.scope !== undefined) kinds.add('forbidden');
  if (operation.query !== undefined) kinds.add('malformed');
  if (operation.body !== undefined) for (const kind of bodyProblems) kinds.add(kind);
  return [...kinds];
}

const bodyProblems: readonly ProblemKind[] = ['malformed', 'too_large', 'unsupported_media'];
