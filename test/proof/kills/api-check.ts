import { daysFromNow } from '../../support/dates.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Verdict } from './books.ts';
import type { ClosedMonth } from './closer.ts';
import { type Intent, METRICS } from './intent.ts';
import type { Sender } from './sender.ts';
import { monthAfter, readStatement } from './statements.ts';
import type { Tally } from './tally.ts';
import { tenants } from './traffic.ts';

/** Usage rolls over two closed months at most, and the run itself may go over the end of one. */
const MONTHS_AHEAD = 4;

/** For a run over everything, which goes on behind its answer. */
const RECONCILE_TIMEOUT_MS = 240_000;

/** Of what a reconciliation finds; its number is among the figures. */
const SHOWN_MAX = 20;

const admin = { admin: true } as const;

/** Asks the API, as tenants and administrators would, and holds its answers against what the callers were told. */
export async function checkApi(
  sender: Sender,
  tally: Tally,
  about: { readonly startedAt: Date; readonly closed: readonly ClosedMonth[] },
): Promise<Verdict> {
  const violations: string[] = [];
  const expect = (what: string, found: unknown, expected: unknown) => {
    if (String(found) !== String(expected)) violations.push(`${what} is ${found} instead of ${expected}`);
  };
  for (const tenant of tenants) {
    const intents = tally.of(tenant);
    const balance = (await sender.get('/balance', { tenant })).json.balance_minor;
    expect(`the balance of ${tenant}`, balance, total(intents));
    const months = Array.from({ length: MONTHS_AHEAD }, (_, index) => monthAfter(about.startedAt, index));
    const statements = [];
    for (const month of months) statements.push(await readStatement(sender, tenant, month));
    const ids = statements.flatMap(({ txnIds }) => txnIds);
    expect(`the number of statement lines of ${tenant}`, ids.length, intents.length);
    expect(`the number of different statement lines of ${tenant}`, new Set(ids).size, intents.length);
    const stated = statements.reduce((sum, { totalMinor }) => sum + totalMinor, 0n);
    expect(`what the statements of ${tenant} come to`, stated, total(intents));
    for (const metric of METRICS) {
      const ofMetric = intents.filter((intent) => intent.metric === metric);
      const usage = await readUsage(sender, tenant, metric);
      const quantity = ofMetric.reduce((sum, intent) => sum + intent.quantity, 0n);
      expect(`the usage of ${metric} by ${tenant}`, usage.quantity, quantity);
      expect(`the amount of ${metric} of ${tenant}`, usage.amountMinor, total(ofMetric));
    }
    const letters = (await sender.get(`/dead-letters?tenant=${tenant}`, admin)).json;
    expect(`the number of dead letters of ${tenant}`, letters.dead_letters.length, 0);
  }
  for (const { tenant, period, text } of about.closed) {
    const now = (await readStatement(sender, tenant, period)).text;
    if (now !== text) violations.push(`the statement of the closed ${period} of ${tenant} has changed`);
  }
  const all = [...tally.accepted.values()];
  const trial = (await sender.get('/trial-balance', admin)).json;
  expect('the trial balance', trial.sum_minor, 0);
  expect('what all tenants owe', trial.totals_minor.receivable, total(all));
  expect('the number of entries', trial.entry_count, all.length);
  const verdict = await reconcileAll(sender);
  expect('the reconciliation', verdict.ok, true);
  for (const found of verdict.discrepancies.slice(0, SHOWN_MAX)) violations.push(`found: ${JSON.stringify(found)}`);
  for (const name of ['entries', 'markers', 'intake_records']) {
    expect(`the number of ${name} reconciled`, verdict.checked[name], all.length);
  }
  const figures = {
    'trial balance (minor units)': Number(trial.sum_minor),
    'entries reconciled': verdict.checked['entries'] ?? 0,
    discrepancies: verdict.discrepancies.length,
  };
  return { violations, figures };
}

interface RunDocument {
  readonly ok: boolean;
  readonly complete: boolean;
  readonly discrepancies: readonly unknown[];
  readonly checked: Readonly<Record<string, number>>;
}

/** A run over everything that there is. */
async function reconcileAll(sender: Sender): Promise<RunDocument> {
  let { json } = await sender.post('/reconcile', admin, {});
  const isComplete = async () => {
    if (!json.complete) ({ json } = await sender.get(`/reconcile/${json.run_id}`, admin));
    return json.complete;
  };
  await waitFor('the reconciliation to be complete', isComplete, RECONCILE_TIMEOUT_MS);
  return json;
}

async function readUsage(sender: Sender, tenant: string, metric: string) {
  const day = (days: number) => daysFromNow(days).slice(0, 'YYYY-MM-DD'.length);
  const query = `metric=${metric}&granularity=month&from=${day(-400)}&to=${day(60)}`;
  const { json } = await sender.get(`/usage?${query}`, { tenant });
  const series: readonly { quantity: string; amount_minor: string }[] = json.series;
  return {
    quantity: series.reduce((sum, { quantity }) => sum + BigInt(quantity), 0n),
    amountMinor: series.reduce((sum, { amount_minor: amount }) => sum + BigInt(amount), 0n),
  };
}

function total(intents: readonly Intent[]): bigint {
  return intents.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}
