import type { Discrepancy, ReconcileRun } from '../../types/api.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { flag, option } from '../parameters.ts';
import { inert } from '../text/inert.ts';
import { grouped } from '../text/money.ts';
import type { Column } from '../text/table.ts';

/** Often enough for a line of progress that somebody watches. */
const POLL_MS = 500;

export const reconcile = command({
  name: 'reconcile',
  group: 'Administration',
  credential: 'admin',
  summary: 'Prove the books, and find every drift',
  description:
    'Holds every journal entry against what was handed in, its price, its page, its lane, its seal and what was anchored. ' +
    'Exit code 2 when anything contradicts anything.',
  options: {
    tenant: option('--tenant <tenant>', "one tenant's records; without it, everyone's"),
    quick: flag('--quick', 'only what was posted since it was last verified'),
  },
  examples: [
    { line: 'reconcile', says: 'everything' },
    { line: 'reconcile --tenant tenant_alpha --quick', says: "what is new in one tenant's books" },
  ],
  async work(client, { tenant, quick }, output) {
    output.progress('reconciling');
    const request = { full: !quick, ...(tenant !== undefined && { tenant }) };
    const run = await client.reconcile(request, {
      pollMs: POLL_MS,
      onProgress: (soFar) => output.progress(progressOf(soFar)),
    });
    output.endProgress();
    if (output.isJson) await output.answer(run);
    else await writeRun(run, output);
    return run.ok ? EXIT.ok : EXIT.finding;
  },
});

function progressOf({ phase, checked, discrepancies, discrepancies_found }: ReconcileRun): string {
  const found = discrepancies_found ?? discrepancies.length;
  return `${inert(phase ?? 'reconciling')}: checked ${checkedText(checked)}; ${found === 0 ? 'nothing found so far' : `${found} found`}`;
}

function checkedText(checked: Readonly<Record<string, number>>): string {
  const counts = Object.entries(checked).map(
    ([what, count]) => `${grouped(String(count))} ${inert(what).replaceAll('_', ' ')}`,
  );
  return counts.join(', ');
}

async function writeRun(run: ReconcileRun, output: Output): Promise<void> {
  const { discrepancies, discrepancies_found: found = discrepancies.length } = run;
  if (!run.ok) {
    await output.table(columns, [discrepancies], 'No finding is listed.');
    await output.line();
  }
  const listed = found > discrepancies.length ? `, of which ${discrepancies.length} are listed` : '';
  await output.facts([
    ['Result', run.ok ? 'all clear' : `${found} ${found === 1 ? 'contradiction' : 'contradictions'}${listed}`],
    ['Checked', checkedText(run.checked)],
    ['Scope', `${run.tenant ?? 'all tenants'}, ${run.mode === 'full' ? 'everything' : 'what was new'}`],
    ['Run', run.run_id],
  ]);
}

const columns: readonly Column<Discrepancy>[] = [
  { title: 'FINDING', cell: ({ type }) => type },
  { title: 'TENANT', cell: ({ tenant_id }) => tenant_id },
  { title: 'EVENT', cell: ({ event_id }) => event_id },
  { title: 'WHERE', cell: ({ detail }) => placeOf(detail) },
  { title: 'EXPECTED', align: 'right', cell: ({ expected }) => expected },
  { title: 'POSTED', align: 'right', cell: ({ posted }) => posted },
  { title: 'WHY', cell: ({ detail }) => detail.message },
];

function placeOf({ period, lane, seq, item }: Discrepancy['detail']): string | undefined {
  const parts = [
    ...(period === undefined ? [] : [period]),
    ...(lane === undefined ? [] : [`lane ${lane}`]),
    ...(seq === undefined ? [] : [`page ${seq}`]),
  ];
  return parts.length === 0 ? item : parts.join(' ');
}
