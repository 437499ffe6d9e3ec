import { text } from '../model/books.ts';
import { monthsLater } from '../workload/months.ts';
import { type Evidence, type PostedEntry, postedByName, receivableOf } from './evidence.ts';
import type { Violations } from './violation.ts';

/** I1, I2 and I7: each entry is balanced, says what was accepted, comes to its price, and stands in its month. */
export function checkEntries(evidence: Evidence, violations: Violations): void {
  const { charges, records, books } = evidence;
  const closedMs = new Map(
    books.closures.map(({ tenant, period, item }) => [`${tenant} ${period}`, Date.parse(text(item, 'closed_at'))]),
  );
  const txnIds = new Set<string>();
  for (const [name, entries] of postedByName(books)) {
    const charge = charges.get(name);
    for (const { page, entry } of entries) {
      const sum = entry.postings.reduce((total, { amount_minor: amount }) => total + amount, 0n);
      violations.expect(sum === 0n && entry.postings.length >= 2, 'I1', `${name} does not net to zero`);
      violations.expect(!txnIds.has(entry.txn_id), 'I1', `${name} shares its transaction ${entry.txn_id}`);
      txnIds.add(entry.txn_id);
      if (charge === undefined) {
        violations.add('I2', `${name} is charged, and nobody who sent it may believe that it was accepted`);
        continue;
      }
      const { payload, amountMinor, priceVersion } = charge;
      const amount = receivableOf(entry);
      violations.expect(amount === amountMinor, 'I2', `${name} is charged ${amount} instead of ${amountMinor}`);
      const against = payload.kind === 'adjustment' ? 'adjustments' : 'revenue';
      const legs = entry.postings.map(({ account, amount_minor: leg }) => `${account} ${leg}`).sort();
      const due = [`receivable ${amountMinor}`, `${against} ${-amountMinor}`].sort();
      violations.expect(legs.join() === due.join(), 'I1', `${name} moves ${legs.join(', ')}, not ${due.join(', ')}`);
      const says = [entry.kind, entry.metric, entry.quantity, Date.parse(entry.event_date)].map(String).join(' ');
      const must = [payload.kind, payload.metric, payload.quantity, charge.usedMs].map(String).join(' ');
      violations.expect(says === must, 'I2', `${name} is entered as ${says} instead of ${must}`);
      const version = entry.price_version === null ? null : Number(entry.price_version);
      violations.expect(version === priceVersion, 'I2', `${name} is rated at version ${version}, not ${priceVersion}`);
      violations.expect(records.get(name)?.priceVersion === priceVersion, 'I2', `${name} is pinned to a wrong price`);
      checkMonth(name, page, charge.month, { closedMs, skewMs: evidence.skewMs }, violations);
    }
  }
}

/** Its own month, or the first after it that was not closed yet. */
function checkMonth(
  name: string,
  { tenant, period, postedMs }: PostedEntry['page'],
  month: string,
  { closedMs, skewMs }: { readonly closedMs: ReadonlyMap<string, number>; readonly skewMs: number },
  violations: Violations,
): void {
  violations.expect(period >= month, 'I7', `${name} is booked into ${period}, before its month ${month}`);
  for (let passed = month; passed < period; passed = monthsLater(passed, 1)) {
    const since = closedMs.get(`${tenant} ${passed}`) ?? Number.POSITIVE_INFINITY;
    // The one clock may be behind as far as the other is ahead.
    const wasClosed = since <= postedMs + 2 * skewMs;
    violations.expect(wasClosed, 'I7', `${name} is booked into ${period}, past ${passed}, which was open`);
  }
}
