import { type Audit, audit } from '../../support/audit.ts';
import type { RunningStack } from '../../support/stack.ts';
import { waitFor } from '../../support/wait-for.ts';
import { bookFaults } from './book-faults.ts';
import { send } from './exchange.ts';
import type { FuzzRun } from './fuzz-run.ts';

/** The queue may be full when the last request is answered, and the sweep comes once a minute. */
const SETTLE_TIMEOUT_MS = 240_000;
const RUN_TIMEOUT_MS = 240_000;

/** What the books come to after a fuzz. */
type MoneyFigures = Readonly<Record<'events answered 202' | 'events charged' | 'events refused later', number>>;

/**
 * Holds the tables, and what the API says of them, to the fuzzer's own tally: every event that was answered 202 is charged
 * once and rightly, or refused with a reason; nothing else is; and all sums are zero.
 */
export async function checkMoney(run: FuzzRun, stack: RunningStack): Promise<MoneyFigures> {
  const tell = (fault: string) => run.findings.tell('money', fault);
  const books = await settledBooks(stack).catch((error: Error) => {
    tell(error.message);
    return audit(stack);
  });
  for (const fault of [...books.faults, ...bookFaults(run.tally, books)]) tell(fault);
  for (const tenant of new Set([...books.charges.keys()].map(tenantOf))) {
    for (const fault of await tenantFaults(run, books, tenant)) tell(fault);
  }
  const totals = await read(run, 'GET', '/trial-balance', run.credentials.admin);
  if (totals['sum_minor'] !== '0') tell(`all books together come to ${totals['sum_minor']}`);
  for (const fault of await reconcileFaults(run)) tell(fault);
  return {
    'events answered 202': run.tally.promised.size,
    'events charged': books.charges.size,
    'events refused later': books.refused.size,
  };
}

async function settledBooks(stack: RunningStack): Promise<Audit> {
  let books = await audit(stack);
  await waitFor(
    'every accepted event to be charged or refused',
    async () => {
      books = await audit(stack);
      return [...books.accepted].every((event) => books.charges.has(event) || books.refused.has(event));
    },
    SETTLE_TIMEOUT_MS,
  );
  return books;
}

async function tenantFaults(run: FuzzRun, { charges }: Audit, tenant: string): Promise<string[]> {
  const own = [...charges].filter(([event]) => tenantOf(event) === tenant).flatMap(([, amounts]) => amounts);
  const due = String(own.reduce((sum, amount) => sum + amount, 0n));
  const books = await read(run, 'GET', `/trial-balance?tenant=${tenant}`, run.credentials.admin);
  const faults = books['sum_minor'] === '0' ? [] : [`the books of ${tenant} come to ${books['sum_minor']}`];
  const { receivable } = books['totals_minor'] as { receivable: string };
  if (receivable !== due) faults.push(`the books of ${tenant} say ${receivable} and not ${due}`);
  if (books['entry_count'] !== own.length)
    faults.push(`${tenant} has ${books['entry_count']} entries, not ${own.length}`);
  const token = run.credentials.tenants.get(tenant);
  const balance = token === undefined ? due : (await read(run, 'GET', '/balance', token))['balance_minor'];
  return balance === due ? faults : [...faults, `the balance of ${tenant} is ${balance} and not ${due}`];
}

async function reconcileFaults(run: FuzzRun): Promise<string[]> {
  const { admin } = run.credentials;
  let document = await read(run, 'POST', '/reconcile', admin, '{"full":true}');
  await waitFor(
    'the reconcile run',
    async () => {
      document = await read(run, 'GET', `/reconcile/${document['run_id']}`, admin);
      return document['complete'] === true;
    },
    RUN_TIMEOUT_MS,
  );
  return document['ok'] === true ? [] : [`the ledger does not reconcile: ${JSON.stringify(document['discrepancies'])}`];
}

async function read(run: FuzzRun, method: string, target: string, token: string, body?: string) {
  const headers = [['authorization', `Bearer ${token}`]] as const;
  const request = { method, target, headers, body: body === undefined ? undefined : Buffer.from(body) };
  const answer = await send(run.url, request);
  run.take({ request, answer }, true);
  return answer.json as Record<string, unknown>;
}

function tenantOf(event: string): string {
  return event.slice(0, event.indexOf(' '));
}
