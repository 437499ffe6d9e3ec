import { fileURLToPath } from 'node:url';
import { systemClock } from '../lambdas/clock.ts';
import { parseTenantId } from '../lambdas/domain/ids.ts';
import { runCommand, type Said, say, UsageError } from './operator/command.ts';
import { type Bearer, mintToken, TOKEN_HOURS_MAX } from './operator/mint-token.ts';

const USAGE_TEXT = `Usage: npm run --silent token -- --admin | --tenant tenant_acme [--hours 1] [--stage dev | --local]

Prints a bearer token that the stage accepts, signed with its secret, which is read with your AWS credentials.
  --admin          an administrator's
  --tenant ID      a tenant's, whether it exists yet or not
  --hours N        how long it is valid: 1 to ${TOKEN_HOURS_MAX}, by default 1
  --subject NAME   who uses it, for the audit log
  --stage NAME     the deployed stage, by default dev; AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL say where
  --local          the embedded stack in ZEROSUM_DATA (.zerosum by default)`;

/** Mints a token; gives the exit code and what to tell. Nothing but the token is for standard output. */
export function runToken(args: readonly string[]): Promise<Said> {
  return runCommand(args, {
    usage: USAGE_TEXT,
    options: {
      admin: { type: 'boolean' },
      tenant: { type: 'string' },
      hours: { type: 'string' },
      subject: { type: 'string' },
    },
    work: async ({ admin, tenant, hours, subject }, { secrets }) => {
      const bearer = bearerOf(admin === true, tenant);
      const options = { hours: hoursOf(hours), subject: typeof subject === 'string' ? subject : undefined };
      const secret = await secrets.read('jwt');
      return { out: await mintToken(bearer, secret, { nowMs: systemClock.nowMs(), ...options }) };
    },
  });
}

function bearerOf(isAdmin: boolean, tenantText: string | boolean | undefined): Bearer {
  if (isAdmin === (tenantText !== undefined)) throw new UsageError('Give either --admin or --tenant.');
  if (isAdmin) return { kind: 'admin' };
  const tenant = parseTenantId(String(tenantText));
  if (tenant !== undefined) return { kind: 'tenant', tenant };
  throw new UsageError(`--tenant is ${JSON.stringify(tenantText)}: a tenant's id is 1 to 64 of a-z, 0-9 and _.`);
}

function hoursOf(text: string | boolean | undefined): number {
  const hours = text === undefined ? 1 : Number(text);
  if (Number.isInteger(hours) && hours >= 1 && hours <= TOKEN_HOURS_MAX) return hours;
  throw new UsageError(`--hours is ${JSON.stringify(text)}: give a whole number from 1 to ${TOKEN_HOURS_MAX}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) say(await runToken(process.argv.slice(2)));
