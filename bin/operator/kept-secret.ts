import * as z from 'zod';
import { type Instant, parseInstant } from '../../lambdas/domain/instant.ts';
import { parseSecret, rotatingSecretSchema } from '../../lambdas/secrets/secrets.ts';

/** The secrets of a stage that rotate. */
export const secretNames = ['jwt', 'webhook-seal'] as const;
export type SecretName = (typeof secretNames)[number];

/** A rotating secret as it is kept, with when it was last rotated; functions read the first two alone. */
export interface KeptSecret {
  readonly current: string;
  readonly previous?: string | undefined;
  readonly rotatedAt?: Instant | undefined;
}

/** Where a stage's secrets are kept. */
export interface SecretStore {
  /** Throws an `OperatorError` when there is no such secret, or it has another form. */
  read(name: SecretName): Promise<KeptSecret>;
  /** Puts another in its place. Throws an `OperatorError` when it is not the one read last any more. */
  replace(name: SecretName, next: KeptSecret): Promise<void>;
}

const keptSchema = rotatingSecretSchema.extend({ rotated_at: z.string().optional() });

/** The error never repeats the text. */
export function keptSecretOf(text: string, source: string): KeptSecret {
  const { current, previous, rotated_at: rotatedAt } = parseSecret(keptSchema, text, source);
  return { current, previous, rotatedAt: rotatedAt === undefined ? undefined : parseInstant(rotatedAt) };
}

export function keptSecretJson({ current, previous, rotatedAt }: KeptSecret): object {
  return { current, previous, rotated_at: rotatedAt };
}
