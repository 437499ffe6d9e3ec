import * as z from 'zod';

const named = z.string().min(1);
const number = z.coerce.number().int();
const url = z.url();

/** The environment variables a function may get: the stack sets them by these names, the handlers read them by these. */
export const environmentSchema = {
  STAGE: z.enum(['local', 'dev', 'prod']),
  USAGE_INTAKE_TABLE: named,
  ADJUSTMENT_INTAKE_TABLE: named,
  LEDGER_TABLE: named,
  BALANCES_TABLE: named,
  USAGE_TABLE: named,
  CONFIG_TABLE: named,
  OPERATIONS_TABLE: named,
  RATE_LIMITS_TABLE: named,
  REQUESTS_PER_WINDOW: number.min(1),
  USAGE_QUEUE_URL: url,
  /** By the queue a record comes from, the consumer knows what kind it is. */
  USAGE_QUEUE_ARN: named,
  ADJUSTMENT_QUEUE_URL: url,
  ADJUSTMENT_QUEUE_ARN: named,
  /** Where a reconcile run that needs another invocation goes on. */
  RECONCILE_QUEUE_URL: url,
  ANCHORS_BUCKET: named,
  WEBHOOK_SEAL_SECRET_ARN: named,
  /** Browser origins that may call the API, separated by commas; unset: none. */
  CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(z.string().regex(/^https?:\/\/[a-z0-9.-]+(?::\d+)?$/)))
    .default([]),
  MAX_RECEIVE_COUNT: number.min(1),
  /** A close that began longer ago has nobody working on it any more. */
  CLOSE_CLAIM_MAX_AGE_MS: number.min(0),
  SWEEP_MIN_AGE_MS: number.min(0),
  JWT_SECRET_ARN: named,
  JWT_ALGORITHM: z.enum(['HS256', 'RS256', 'ES256', 'EdDSA']),
  JWT_JWKS_URL: url.optional(),
  /** Set by the embedded stack alone: the file that stands in for Secrets Manager. */
  ZEROSUM_SECRETS_FILE: named.optional(),
} as const;

/** What a function needs to verify tokens. */
export const authenticationVariables = [
  'JWT_SECRET_ARN',
  'JWT_ALGORITHM',
  'JWT_JWKS_URL',
  'ZEROSUM_SECRETS_FILE',
] as const satisfies readonly VariableName[];

export type VariableName = keyof typeof environmentSchema;
type Environment = { readonly [Name in VariableName]: z.infer<(typeof environmentSchema)[Name]> };

/** The parsed variables of a list of names. */
export type EnvironmentOf<Names extends readonly VariableName[]> = Pick<Environment, Names[number]>;

/**
 * The named variables, parsed. Throws one sentence naming every variable that is missing or malformed (never its
 * value), so that a function with a bad configuration fails at start and says why.
 */
export function readEnvironment<Name extends VariableName>(
  names: readonly Name[],
  source: Record<string, string | undefined> = process.env,
): Pick<Environment, Name> {
  const values: Partial<Record<Name, unknown>> = {};
  const faults: string[] = [];
  for (const name of names) {
    const parsed = environmentSchema[name].safeParse(source[name]);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`${name} ${source[name] === undefined ? 'is missing' : 'is malformed'}`);
  }
  if (faults.length > 0) throw new Error(`This function's environment is wrong: ${faults.join('; ')}.`);
  return values as Pick<Environment, Name>;
}
