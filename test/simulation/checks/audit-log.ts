import { count, type Item, type Tables, text } from '../model/books.ts';
import { isFinal } from '../workload/history.ts';
import type { Evidence } from './evidence.ts';
import type { Violations } from './violation.ts';

/** I9 of the audit log: each chain is whole, and whatever an administrator was answered with success is in it. */
export function checkAuditLog({ performances }: Evidence, tables: Tables, violations: Violations): void {
  const requests = new Set<string>();
  for (const [chain, entries] of chainsOf(tables)) {
    for (const [index, entry] of entries.entries()) {
      requests.add(text(entry, 'request_id'));
      violations.expect(count(entry, 'number') === index + 1, 'I9', `${chain} has no entry ${index + 1}`);
      const before = entries[index - 1];
      const follows = before === undefined || text(entry, 'prev_hash') === text(before, 'hash');
      violations.expect(follows, 'I9', `${chain} does not go on from ${index} to ${index + 1}`);
    }
  }
  for (const { exchanges } of performances) {
    for (const { request, response } of exchanges) {
      if (request.token !== 'admin' || !isFinal(response) || response.status >= 300) continue;
      const id = response.headers['x-request-id'] ?? '';
      const what = `${request.method} ${request.path.split('?')[0]}`;
      violations.expect(requests.has(id), 'I9', `${what} of an administrator (${id}) is not in the audit log`);
    }
  }
}

/** The entries of each chain in their order, by its partition. */
function chainsOf(tables: Tables): Map<string, Item[]> {
  const chains = new Map<string, Item[]>();
  for (const item of tables('Operations')) {
    const chain = text(item, 'pk');
    if (!chain.startsWith('AUDIT#')) continue;
    const entries = chains.get(chain) ?? [];
    entries.push(item);
    chains.set(chain, entries);
  }
  return chains;
}
