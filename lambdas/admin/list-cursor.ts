import { malformed } from '../http/problem.ts';

/** Says behind which item a listing goes on. Opaque to callers, so that it may change. */
export function encodeCursor(after: string): string {
  return Buffer.from(after).toString('base64url');
}

/** The item in a cursor; throws a 400 for what no listing of such items would have handed out. */
export function decodeCursor<Item>(cursor: string, parse: (text: string) => Item | undefined): Item {
  const after = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (after !== undefined) return after;
  throw malformed([{ field: 'cursor', message: 'must be the next_cursor of an earlier page of this listing' }]);
}
