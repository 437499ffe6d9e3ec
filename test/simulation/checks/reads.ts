import type { SimulatedResponse } from '../system.ts';
import { documentOf, isFinal, type Performance } from '../workload/history.ts';
import type { Of, Operation } from '../workload/operation.ts';
import { type Evidence, postedByName, receivableOf } from './evidence.ts';
import type { Violations } from './violation.ts';

/** A line of a statement, as far as it is checked. */
export interface Line {
  readonly txn_id: string;
  readonly posted_at: string;
  readonly amount_minor: string;
}

interface Statement {
  readonly lines: readonly Line[];
  readonly total_minor: string;
  readonly next_cursor?: string;
}

/** I5 and I6 of what was read while events came in: whole listings, and nobody else's. */
export function checkReads(evidence: Evidence, violations: Violations): void {
  const amounts = amountsByTenant(evidence);
  const acceptedAt = acceptedSince(evidence);
  for (const performance of evidence.performances) {
    const { deed } = performance.operation;
    const answers = performance.exchanges.map(({ response }) => response).filter(isFinal);
    if (deed.kind === 'statement') checkListing(deed, answers, amounts, violations);
    if (deed.kind === 'receipt') checkReceipt(deed, performance, { acceptedAt, evidence }, violations);
  }
}

/** Of each tenant, what its transactions come to. */
export function amountsByTenant({ books }: Pick<Evidence, 'books'>): Map<string, Map<string, bigint>> {
  const amounts = new Map<string, Map<string, bigint>>();
  for (const entries of postedByName(books).values()) {
    for (const { page, entry } of entries) {
      const own = amounts.get(page.tenant) ?? new Map<string, bigint>();
      own.set(entry.txn_id, receivableOf(entry));
      amounts.set(page.tenant, own);
    }
  }
  return amounts;
}

/** Pages of one listing: no line twice, no other tenant's, in order; and, read to its end, all that its total says. */
export function checkListing(
  { tenant, period }: Pick<Of<'statement'>, 'tenant' | 'period'>,
  answers: readonly SimulatedResponse[],
  amounts: ReadonlyMap<string, ReadonlyMap<string, bigint>>,
  violations: Violations,
): readonly Line[] {
  const pages = answers
    .filter(({ status }) => status === 200)
    .map((answer) => documentOf(answer) as unknown as Statement);
  const what = `the statement of ${tenant} for ${period}`;
  const lines = pages.flatMap((page) => page.lines);
  const own = amounts.get(tenant);
  violations.expect(new Set(lines.map(({ txn_id: id }) => id)).size === lines.length, 'I6', `${what} has a line twice`);
  for (const [index, line] of lines.entries()) {
    const amount = own?.get(line.txn_id)?.toString();
    violations.expect(amount !== undefined, 'I5', `${what} has ${line.txn_id}, which is not its own`);
    violations.expect(amount === line.amount_minor, 'I6', `${what} has ${line.txn_id} at ${line.amount_minor}`);
    const before = lines[index - 1]?.posted_at ?? '';
    violations.expect(before <= line.posted_at, 'contract', `${what} is not in order at ${line.txn_id}`);
  }
  const totals = new Set(pages.map(({ total_minor: total }) => total));
  violations.expect(totals.size <= 1, 'I6', `${what} changed its total from page to page`);
  const isWhole = pages.length > 0 && pages.at(-1)?.next_cursor === undefined;
  const sum = lines.reduce((total, line) => total + BigInt(line.amount_minor), 0n).toString();
  if (isWhole) violations.expect(totals.has(sum), 'I6', `${what} lists ${sum} of ${[...totals].join()}`);
  return lines;
}

/** When the sender of each event first knew that it was accepted. */
function acceptedSince({ claims }: Evidence): Map<string, number> {
  const since = new Map<string, number>();
  for (const [name, sent] of claims) {
    const first = sent.find(({ told }) => told === 'accepted');
    if (first !== undefined) since.set(name, first.answeredMs);
  }
  return since;
}

/** What a tenant was told is accepted, it finds at once; what it never sent, it never finds. */
function checkReceipt(
  { tenant, eventId }: Extract<Operation['deed'], { kind: 'receipt' }>,
  { exchanges }: Performance,
  { acceptedAt, evidence }: { acceptedAt: ReadonlyMap<string, number>; evidence: Evidence },
  violations: Violations,
): void {
  const name = `${tenant} ${eventId}`;
  for (const { response, sentMs } of exchanges) {
    if (!isFinal(response)) continue;
    const isFound = response.status === 200;
    const since = acceptedAt.get(name);
    if (since !== undefined && since <= sentMs) violations.expect(isFound, 'I3', `${name} was accepted and not found`);
    if (isFound) violations.expect(evidence.claims.has(name), 'I5', `${name} was shown and is not its own`);
    if (isFound) checkCharge(name, response, evidence, violations);
  }
}

/** A receipt that says posted says the amount that is right for ever. */
export function checkCharge(
  name: string,
  response: SimulatedResponse,
  { charges }: Pick<Evidence, 'charges'>,
  violations: Violations,
): void {
  const receipt = documentOf(response);
  if (receipt?.['status'] !== 'posted') return;
  const amount = charges.get(name)?.amountMinor.toString();
  violations.expect(receipt['amount_minor'] === amount, 'I6', `${name} has a receipt over ${receipt['amount_minor']}`);
}
