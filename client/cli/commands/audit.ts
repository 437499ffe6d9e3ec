import type { AuditEntry, AuditLog } from '../../types/api.ts';
import { command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { rowsOf } from '../pages.ts';
import { month } from '../parameters.ts';
import { inert } from '../text/inert.ts';
import { utc } from '../text/moment.ts';
import type { Column } from '../text/table.ts';

export const audit = command({
  name: 'audit',
  group: 'Administration',
  credential: 'admin',
  summary: 'Show who did what, when and why',
  description:
    "Every administrator's call of a UTC month, accepted or refused, newest first. Exit code 2 when the chain of the log is " +
    'broken.',
  options: { month: month('--month <YYYY-MM>', 'the UTC month; without it, this one') },
  examples: [
    { line: 'audit | head', says: 'the latest' },
    { line: 'audit --month 2026-10 --json > audit.ndjson', says: 'to keep, hashes and all' },
  ],
  async work(client, { month: wanted }, output) {
    let code: ExitCode = EXIT.ok;
    const note = ({ chain }: AuditLog) => {
      if (chain.ok) return;
      code = EXIT.finding;
      output.note(`The log is broken at entry ${chain.broken_at.number} of ${inert(chain.broken_at.writer)}.`);
    };
    const pages = noting(client.audit({ ...(wanted !== undefined && { month: wanted }) }).pages(), note);
    if (output.isJson) for await (const page of pages) await output.answer(page);
    else
      await output.table(
        columns,
        rowsOf(pages, ({ entries }) => entries),
        'Nothing was done in this month.',
      );
    return code;
  },
});

async function* noting(pages: AsyncIterable<AuditLog>, note: (page: AuditLog) => void): AsyncGenerator<AuditLog> {
  for await (const page of pages) {
    note(page);
    yield page;
  }
}

const columns: readonly Column<AuditEntry>[] = [
  { title: 'AT (UTC)', cell: ({ at }) => utc(at) },
  {
    title: 'WHO',
    cell: ({ actor }) => [actor.kind, actor.subject ?? actor.tenant].filter((part) => part !== null).join(' '),
  },
  { title: 'ACTION', cell: ({ action }) => action },
  { title: 'OUTCOME', cell: ({ outcome, status }) => (status === null ? outcome : `${outcome} ${status}`) },
  { title: 'TARGET', cell: ({ target }) => targetOf(target) },
  { title: 'REASON', cell: ({ reason }) => reason },
];

function targetOf(target: AuditEntry['target']): string | undefined {
  const parts = Object.entries(target).map(([name, value]) => `${name}=${value}`);
  return parts.length === 0 ? undefined : parts.join(' ');
}
