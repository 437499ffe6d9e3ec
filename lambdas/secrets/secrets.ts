import * as z from 'zod';

/** A secret and, while it is being rotated, the one before it: both are valid. */
export interface RotatingSecret {
  readonly current: string;
  readonly previous?: string | undefined;
}

/** Where a function's secrets come from. */
export interface Secrets {
  /** What signs tenant and admin tokens. Throws when the store does not answer or holds something else. */
  jwt(): Promise<RotatingSecret>;
}

/** Where the secret comes from that webhook secrets are sealed with; throws as `Secrets` does. */
export type ReadSealSecret = () => Promise<RotatingSecret>;

export const rotatingSecretSchema = z.object({ current: z.string().min(1), previous: z.string().min(1).optional() });

/** Text of a secret store, parsed; the error never repeats it. */
export function parseSecret<Schema extends z.ZodType>(schema: Schema, text: string, source: string): z.output<Schema> {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(`The secret in ${source} does not have the form {"current": "..."}.`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
