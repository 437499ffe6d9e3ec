/** The values of a condition key in a request; undefined where the request has no such key. */
export type Context = (key: string) => readonly string[] | undefined;

/** One thing a request does to one resource: AWS asks its policies about each. */
export interface Access {
  /** As policies name it, such as `dynamodb:PutItem`. */
  readonly action: string;
  /** Its ARN; `*` for an action that is about no resource. */
  readonly resource: string;
  readonly context: Context;
}

/** A request of which the embedded stack cannot tell what it does: it is denied, whatever the policies say. */
export class UnreadableRequest extends Error {}

/** No condition key at all. */
export const noContext: Context = () => undefined;
