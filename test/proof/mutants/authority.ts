import { suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const AUTHORITY = 'lib/authority.ts';
const checks = [suite('stack/authority')];

/** What each function's role allows, as it is synthesised. */
export const authorityMutants: readonly Mutant[] = [
  {
    name: 'lets-ingest-write-adjustments',
    breaks: 'I8: who takes usage in can forge a credit',
    file: AUTHORITY,
    before: "  allowTable(to, data.usageIntake, ['PutItem', 'GetItem', 'BatchGetItem']);",
    after: `  for (const intake of [data.usageIntake, data.adjustmentIntake])
    allowTable(to, intake, ['PutItem', 'GetItem', 'BatchGetItem']);`,
    checks,
  },
  {
    name: 'lets-the-consumer-write-outside-a-transaction',
    breaks: 'I8: a page without its markers and its head can be written',
    file: AUTHORITY,
    before: "allowTable(to, data.ledger, ['PutItem'], onlyInTransaction);",
    after: "allowTable(to, data.ledger, ['PutItem']);",
    checks,
  },
  {
    name: 'lets-a-close-move-totals',
    breaks: 'I8: an administrator can forge a balance',
    file: AUTHORITY,
    before: '    ...onlyTheGate,\n',
    after: '',
    checks,
  },
  {
    name: 'lets-an-anchor-be-deleted',
    breaks: 'I8: who writes anchors can take them away',
    file: AUTHORITY,
    before: "allowAnchors(to, data, 's3:PutObject', RUN_ANCHOR_PREFIX);",
    after:
      "allowAnchors(to, data, 's3:PutObject', RUN_ANCHOR_PREFIX);\n  allowAnchors(to, data, 's3:DeleteObject', RUN_ANCHOR_PREFIX);",
    checks,
  },
  {
    name: 'grants-a-table-whole',
    breaks: 'I8: the ledger can be altered by who posts to it',
    file: AUTHORITY,
    before: "  allowTable(to, data.ledger, ['GetItem']);\n",
    after: '  data.ledger.grantReadWriteData(to);\n',
    checks,
  },
];
