import { suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const statement = suite('read/statement');
const receipt = suite('read/receipt');

/** What tenants are told. */
export const readMutants: readonly Mutant[] = [
  {
    name: 'states-a-closed-month-in-todays-currency',
    breaks: 'I7: a closed month changes its currency',
    file: 'lambdas/read/statement.ts',
    before: 'currency: seal?.currency ?? (await currencyOf(ports)),',
    after: 'currency: await currencyOf(ports),',
    checks: [statement],
  },
  {
    name: 'calls-a-month-closed-with-lanes-read-before',
    breaks: 'I7: a statement of a closed month lacks an entry',
    file: 'lambdas/read/statement.ts',
    before: 'return isWhole ? closure.seal : undefined;',
    after: 'return isWhole || reached.size > 0 ? closure.seal : undefined;',
    checks: [statement],
  },
  {
    name: 'reads-the-closure-after-the-lanes',
    breaks: 'I7: a statement of a closed month lacks what was posted in between',
    file: 'lambdas/read/statement.ts',
    before: `  const closure = await ports.closures.find(tenant, period);
  const listing = resumed ? await resume(tenant, resumed, ports) : await begin(tenant, period, ports);
`,
    after: `  const listing = resumed ? await resume(tenant, resumed, ports) : await begin(tenant, period, ports);
  const closure = await ports.closures.find(tenant, period);
`,
    checks: [statement],
  },
  {
    name: 'loses-a-line-between-two-pages',
    breaks: 'I6: the lines of a statement are less than its total',
    file: 'lambdas/read/lane-lines.ts',
    before: 'index < span.index) continue;',
    after: 'index <= span.index) continue;',
    checks: [statement],
  },
  {
    name: 'lists-past-where-a-listing-began',
    breaks: 'I6: the lines of a statement are more than its total',
    file: 'lambdas/read/lane-lines.ts',
    before: 'span.seq, lastSeq, limit)) {',
    after: 'span.seq, Number.MAX_SAFE_INTEGER, limit)) {',
    checks: [statement],
  },
  {
    name: 'shows-another-payloads-refusal',
    breaks: 'I3: who asks is told that a charged event was refused',
    file: 'lambdas/read/receipt.ts',
    before: 'if (refusal?.payloadHash !== record.payloadHash) {',
    after: 'if (refusal === undefined) {',
    checks: [receipt],
  },
  {
    name: 'calls-a-provisional-refusal-final',
    breaks: 'I3: who asks is told that what will be tried again was refused',
    file: 'lambdas/read/receipt.ts',
    before: "const status = refusal.final ? 'refused' : 'accepted';",
    after: "const status = 'refused';",
    checks: [receipt],
  },
];
