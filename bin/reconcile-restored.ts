import { fileURLToPath } from 'node:url';
import { parseTenantId } from '../lambdas/domain/ids.ts';
import { parseInstant } from '../lambdas/domain/instant.ts';
import { runCommand, type Said, say, UsageError } from './operator/command.ts';
import { type Restored, reconcileRestored } from './operator/restored-run.ts';

const USAGE_TEXT = `Usage: npm run --silent reconcile-restored -- --suffix .restored --at 2026-11-24T12:00:00Z [--tenant ID] [--stage dev | --local]

Verifies tables restored from a point in time, and changes nothing anywhere. Exit code 1: they contradict each other.
  --suffix TEXT    the restored tables' names are the live ones' and this: both intakes, Ledger and Balances
  --at INSTANT     the moment they were restored to
  --tenant ID      only this tenant's records
  --stage NAME     the deployed stage, by default dev; AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL say where
  --local          the embedded stack in ZEROSUM_DATA (.zerosum by default)`;

/** Reconciles restored tables; gives the exit code and the run as the API shows it. */
export function runReconcileRestored(args: readonly string[]): Promise<Said> {
  return runCommand(args, {
    usage: USAGE_TEXT,
    options: { suffix: { type: 'string' }, at: { type: 'string' }, tenant: { type: 'string' } },
    work: async (values, stores) => {
      const report = await reconcileRestored(restoredOf(values), await stores.evidence());
      return { code: report.ok ? 0 : 1, out: JSON.stringify(report, undefined, 2) };
    },
  });
}

function restoredOf({ suffix, at, tenant }: Readonly<Record<string, string | boolean | undefined>>): Restored {
  if (typeof suffix !== 'string' || suffix === '') throw new UsageError('Give --suffix.');
  const moment = parseInstant(String(at));
  if (moment === undefined) throw new UsageError('Give --at, an RFC 3339 timestamp.');
  const one = tenant === undefined ? undefined : parseTenantId(String(tenant));
  if (tenant !== undefined && one === undefined) throw new UsageError(`${JSON.stringify(tenant)} is no tenant's id.`);
  return { suffix, at: moment, tenant: one };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) say(await runReconcileRestored(process.argv.slice(2)));
