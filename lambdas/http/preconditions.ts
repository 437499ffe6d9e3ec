import { Problem } from './problem.ts';
import type { HttpRequest } from './request.ts';

/**
 * A strong entity tag, quotes and all (RFC 9110, 8.8.3): the state of what a path or an item of a listing stands for.
 * @param state what changes with it, and never comes back: a revision
 */
export type Etag = `"${string}"`;

export function etagOf(state: string | number): Etag {
  return `"${state}"`;
}

const ANY = '*';

/** One member of a list of entity tags; what a weak one begins with belongs to it, so that it equals no strong one. */
const LISTED_TAG = /(?:W\/)?"[^"]*"/g;

/** What may stand around the members of a list. */
const LIST_REST = /^[ \t,]*$/;

/** Whether the caller says which state it means to change. */
export function hasPrecondition({ headers }: HttpRequest): boolean {
  return headers.has('if-match') || headers.get('if-none-match')?.trim() === ANY;
}

/**
 * Lets a change through only if it is of the state the caller has seen (RFC 9110, 13.1). Throws a 428 when the caller does
 * not say which that is, by `If-Match` or, to create it, by `If-None-Match: *`; a 412 when it is another.
 * @param current undefined: it does not exist
 */
export function requireMatch(request: HttpRequest, current: Etag | undefined): void {
  if (!hasPrecondition(request)) throw preconditionRequired();
  const [ifMatch, ifNoneMatch] = [request.headers.get('if-match'), request.headers.get('if-none-match')];
  // Both may be sent: then both must hold.
  if (ifMatch !== undefined && !isListed(ifMatch, current)) throw changedMeanwhile();
  // Here alone a weak tag counts as the strong one it is like.
  if (ifNoneMatch !== undefined && isListed(ifNoneMatch.replaceAll('W/', ''), current)) throw existsAlready();
}

/** By the strong comparison, the only one that is safe for a change; what is no list of tags names nothing. */
function isListed(list: string, current: Etag | undefined): boolean {
  if (current === undefined) return false;
  if (list.trim() === ANY) return true;
  const tags: readonly string[] = list.match(LISTED_TAG) ?? [];
  return LIST_REST.test(list.replaceAll(LISTED_TAG, '')) && tags.includes(current);
}

function preconditionRequired(): Problem {
  return new Problem(
    'precondition_required',
    'Send If-Match with the ETag of what you mean to change, so that nobody overwrites what another has changed.',
  );
}

/** For a change of what is not, or no longer, as the caller has seen it. */
function changedMeanwhile(): Problem {
  return new Problem(
    'precondition_failed',
    'It is not what If-Match names, or no longer: read it again, decide again, and send its ETag, quotes and all.',
  );
}

function existsAlready(): Problem {
  return new Problem(
    'precondition_failed',
    'It exists already: read it, and send If-Match with its ETag to change it.',
  );
}
