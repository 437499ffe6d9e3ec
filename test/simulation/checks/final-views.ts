import type { Random } from '../random.ts';
import type { Auditor } from '../workload/auditor.ts';
import { documentOf } from '../workload/history.ts';
import { monthOf } from '../workload/months.ts';
import { type Evidence, postedByName } from './evidence.ts';
import { amountsByTenant, checkCharge, checkListing } from './reads.ts';
import type { Violations } from './violation.ts';

/** So many receipts are read of each run. */
const RECEIPTS = 25;

const DAY_MS = 86_400_000;

/** A listing longer than this never ends. */
const PAGES_MAX = 50;

/** I5 and I6: each tenant sees its own charges, all of them, at what they come to, and nothing of anyone else's. */
export async function checkViews(
  evidence: Evidence,
  auditor: Auditor,
  random: Random,
  violations: Violations,
): Promise<void> {
  for (const tenant of evidence.setting.tenants) await checkTenant(tenant, evidence, auditor, violations);
  await checkReceipts(evidence, auditor, random, violations);
  await checkDeadLetters(auditor, violations);
  const { totals_minor: totals, sum_minor: sum } = await auditor.document('admin', '/trial-balance');
  const { receivable = '' } = (totals ?? {}) as Record<string, string>;
  violations.expect(sum === '0', 'I1', `the trial balance sums to ${sum}`);
  const owed = sumOf([...evidence.charges.values()].map(({ amountMinor }) => amountMinor)).toString();
  violations.expect(receivable === owed, 'I6', `the trial balance says ${receivable} instead of ${owed}`);
}

async function checkTenant(
  tenant: string,
  evidence: Evidence,
  auditor: Auditor,
  violations: Violations,
): Promise<void> {
  const charges = [...evidence.charges.values()].filter(({ payload }) => payload.tenant === tenant);
  const token = `tenant:${tenant}`;
  const owed = sumOf(charges.map(({ amountMinor }) => amountMinor)).toString();
  const { balance_minor: balance } = await auditor.document(token, '/balance');
  violations.expect(balance === owed, 'I6', `${tenant} owes ${balance} instead of ${owed}`);

  const amounts = amountsByTenant(evidence);
  const months = new Set(evidence.books.heads.filter((head) => head.tenant === tenant).map(({ period }) => period));
  let lines = 0;
  for (const period of [...months].sort()) {
    const pages = await auditor.statement(tenant, period);
    lines += checkListing({ tenant, period }, pages, amounts, violations).length;
    const closed = evidence.books.closures.some((each) => each.tenant === tenant && each.period === period);
    const status = pages[0] && documentOf(pages[0])?.['status'];
    violations.expect(status === (closed ? 'closed' : 'open'), 'I7', `${tenant} ${period} is shown as ${status}`);
  }
  violations.expect(lines === charges.length, 'I6', `${tenant} has ${lines} lines of ${charges.length} charges`);
  await checkUsage(tenant, evidence, auditor, violations);
}

/** Meters count by the date of use, whatever month it was charged in. */
async function checkUsage(
  tenant: string,
  { charges, setting }: Evidence,
  auditor: Auditor,
  violations: Violations,
): Promise<void> {
  const counted = new Map<string, { quantity: bigint; amount: bigint }>();
  for (const { payload, usedMs, amountMinor } of charges.values()) {
    if (payload.tenant !== tenant || payload.quantity === null) continue;
    const sums = counted.get(monthOf(usedMs)) ?? { quantity: 0n, amount: 0n };
    counted.set(monthOf(usedMs), {
      quantity: sums.quantity + payload.quantity,
      amount: sums.amount + amountMinor,
    });
  }
  const [from, to] = [setting.startMs - 370 * DAY_MS, setting.startMs + 70 * DAY_MS].map((ms) => {
    return new Date(ms).toISOString().slice(0, 10);
  });
  const path = `/usage?granularity=month&from=${from}&to=${to}`;
  const { series = [] } = await auditor.document(`tenant:${tenant}`, path);
  for (const bucket of series as { start: string; quantity: string; amount_minor: string }[]) {
    const month = bucket.start.slice(0, 7);
    const { quantity, amount } = counted.get(month) ?? { quantity: 0n, amount: 0n };
    const isRight = bucket.quantity === String(quantity) && bucket.amount_minor === String(amount);
    const says = `${bucket.quantity} for ${bucket.amount_minor} instead of ${quantity} for ${amount}`;
    violations.expect(isRight, 'I6', `${tenant} is metered in ${month} at ${says}`);
    counted.delete(month);
  }
  violations.expect(counted.size === 0, 'I6', `${tenant} is not metered in ${[...counted.keys()].join()}`);
}

/** Nothing is left of what could not be posted at once: each was posted later. */
async function checkDeadLetters(auditor: Auditor, violations: Violations): Promise<void> {
  let cursor = '';
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const query = `limit=100${cursor && `&cursor=${cursor}`}`;
    const { dead_letters: letters = [], next_cursor: next } = await auditor.document('admin', `/dead-letters?${query}`);
    for (const letter of letters as { tenant: string; event_id: string; status: string }[]) {
      violations.add('I3', `${letter.tenant} ${letter.event_id} is still listed as ${letter.status}`);
    }
    if (typeof next !== 'string') return;
    cursor = next;
  }
  violations.add('contract', `the dead letters do not end within ${PAGES_MAX} pages`);
}

async function checkReceipts(
  evidence: Evidence,
  auditor: Auditor,
  random: Random,
  violations: Violations,
): Promise<void> {
  const names = [...evidence.claims.keys()];
  const posted = postedByName(evidence.books);
  for (let read = 0; read < RECEIPTS && names.length > 0; read += 1) {
    const [sent] = evidence.claims.get(random.pick(names)) ?? [];
    if (sent === undefined) continue;
    // One in five asks for an id that it has from somebody else.
    const tenant = random.chance(0.2) ? random.pick(evidence.setting.tenants) : sent.payload.tenant;
    const name = `${tenant} ${sent.payload.eventId}`;
    const response = await auditor.get(`tenant:${tenant}`, `/events/${encodeURIComponent(sent.payload.eventId)}`);
    const isOwn = evidence.records.has(name);
    violations.expect((response.status === 200) === isOwn, 'I5', `the receipt of ${name} is a ${response.status}`);
    if (!isOwn) continue;
    const isPosted = documentOf(response)?.['status'] === 'posted';
    violations.expect(isPosted === posted.has(name), 'I6', `the receipt of ${name} does not say what became of it`);
    checkCharge(name, response, evidence, violations);
  }
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}
