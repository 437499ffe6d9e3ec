import * as z from 'zod';
import { missingParameter, QueueError } from './errors.ts';
import type { Caller } from './pollers.ts';
import type { Registry } from './registry.ts';

/** What an action may use besides its input. */
export interface Context {
  readonly registry: Registry;
  /** The engine's own address as the caller knows it, without a trailing slash. */
  readonly baseUrl: string;
  readonly caller: Caller;
}

/** An API action: from a parsed JSON body to the JSON answer. Throws `QueueError`. */
export type Action = (body: unknown, context: Context) => object | Promise<object>;

/** The URL that names the queue, in nearly every action. */
export const queueUrlSchema = z.object({ QueueUrl: z.string() });

/** Makes an action whose body is checked against `schema` first. */
export function action<Input>(
  schema: z.ZodType<Input>,
  run: (input: Input, context: Context) => object | Promise<object>,
): Action {
  return (body, context) => {
    const { data, error } = schema.safeParse(body);
    if (error) throw refusal(error, body);
    return run(data, context);
  };
}

/** SQS tells a parameter that is missing from one that is wrong. */
function refusal(error: z.ZodError, body: unknown): QueueError {
  const path = error.issues[0]?.path ?? [];
  const isMissing = path.reduce<unknown>((value, key) => Object(value)[key], body) === undefined;
  return isMissing
    ? missingParameter(path.map(String).join('.'))
    : new QueueError('InvalidParameterValue', z.prettifyError(error));
}
