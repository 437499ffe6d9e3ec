import { ZerosumInvalidError, ZerosumProblem, ZerosumUnexpectedAnswer, ZerosumUnreachable } from '../errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { inert } from './text/inert.ts';

/** Nobody can have meant this; the message says what to give instead. */
export class UsageError extends Error {}

/** There is no credential to send; the message says how to get one. */
export class DeniedError extends Error {}

/** The command could not do what it was told; the message says why, and what to do. */
export class CommandError extends Error {}

export interface Failure {
  readonly code: ExitCode;
  /** For standard error, inert. */
  readonly text: string;
}

const UNAUTHENTICATED = 401;
const FORBIDDEN = 403;
/** The service itself, or the gateway in front of it, says that it is not there for now. */
export const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);

/** What to tell of anything that was thrown, and with which code to end. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ZerosumProblem) return { code: codeOf(error.status), text: problemText(error) };
  if (error instanceof ZerosumUnreachable) return { code: EXIT.unavailable, text: inert(error.message) };
  if (error instanceof ZerosumUnexpectedAnswer) return { code: codeOf(error.status), text: inert(error.message) };
  if (error instanceof UsageError) return { code: EXIT.usage, text: ownLines(error.message) };
  if (error instanceof ZerosumInvalidError) return { code: EXIT.usage, text: inert(error.message) };
  if (error instanceof DeniedError) return { code: EXIT.denied, text: ownLines(error.message) };
  if (error instanceof CommandError) return { code: EXIT.failed, text: ownLines(error.message) };
  if (isFromSystem(error)) return { code: EXIT.failed, text: inert(error.message) };
  // A mistake of ours: where it happened is what a report of it needs.
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: EXIT.failed, text: ownLines(`This is a mistake in zerosum itself. Please report it.\n${stack}`) };
}

function codeOf(status: number): ExitCode {
  if (status === UNAUTHENTICATED || status === FORBIDDEN) return EXIT.denied;
  return UNAVAILABLE.has(status) ? EXIT.unavailable : EXIT.failed;
}

/** The problem document's own words: title, detail, every field at fault but those that the detail has, and the request. */
function problemText({ title, detail, status, errors, request_id, afterLostAnswer }: ZerosumProblem): string {
  const fields = errors.map(({ field, message }) => `  ${field}: ${message}`);
  const isDetailTheFields = errors.map(({ field, message }) => `${field}: ${message}`).join('; ') === detail;
  const mayBeOurs = afterLostAnswer && (status === 409 || status === 412);
  return [
    `${title} (${status})`,
    ...(isDetailTheFields ? fields : [`  ${detail}`, ...fields]),
    ...(mayBeOurs ? ['  An earlier try got no answer and may have done it: read what there is.'] : []),
    `  request ${request_id}`,
  ]
    .map(inert)
    .join('\n');
}

/** Of a file that is not there and the like. */
function isFromSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/** Our own words: inert, but for their line ends. */
function ownLines(text: string): string {
  return text.split('\n').map(inert).join('\n');
}
