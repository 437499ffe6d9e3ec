import type { AuditLog } from '../../../../../client/types/api.ts';
import { usePages } from '../../api/use-pages.ts';
import { AdminOnly } from '../../parts/admin-only.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Field } from '../../parts/field.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Status } from '../../parts/status.tsx';
import { Table } from '../../parts/table.tsx';
import { useQuery } from '../../routing/use-query.ts';

/** A page that is quick to read. */
const ENTRIES_A_PAGE = '50';

/** Who did what, when and why. */
export function Audit() {
  const [month, setMonth] = useQuery('month');
  return (
    <Panel title="Audit" aside={<Field label="Month (UTC)" type="month" value={month} onInput={setMonth} />}>
      <AdminOnly attempt={{ method: 'GET', path: '/audit' }}>
        <AuditList month={month} />
      </AdminOnly>
    </Panel>
  );
}

function AuditList({ month }: { readonly month: string }) {
  const list = usePages<AuditLog>({ method: 'GET', path: '/audit', query: { month, limit: ENTRIES_A_PAGE } });
  return (
    <>
      {list.pages.length > 0 && <Chain pages={list.pages} />}
      {list.pages.length > 0 && (
        <Table
          caption="Administrators' calls, the newest first"
          columns={[
            { title: 'When (UTC)', cell: ({ at }) => <Moment at={at} /> },
            { title: 'Who', cell: ({ actor }) => actor.tenant ?? actor.subject ?? actor.kind },
            { title: 'What', cell: ({ action }) => <code>{action}</code> },
            { title: 'Of what', cell: ({ target }) => Object.values(target).join(', ') },
            { title: 'Why', cell: ({ reason }) => reason ?? '' },
            {
              title: 'Outcome',
              cell: ({ status }) => (status === null ? <span class="chip">begun</span> : <Status status={status} />),
            },
          ]}
          rows={list.pages.flatMap(({ entries }) => entries)}
          keyOf={({ writer, number }) => `${writer} ${number}`}
          none="Nobody has done anything in this month."
        />
      )}
      <More list={list} />
      {list.call && <CallView call={list.call} />}
    </>
  );
}

/** Each entry carries the hash of the one before, so an edit of the log shows. */
function Chain({ pages }: { readonly pages: readonly AuditLog[] }) {
  const broken = pages.map(({ chain }) => (chain.ok ? undefined : chain.broken_at)).find(Boolean);
  if (broken === undefined) return <p class="faint">Each of these entries follows from the one before it.</p>;
  return (
    <Notice tone="bad">
      <strong>The log has been edited</strong>
      <p>
        Entry {broken.number} of {broken.writer} does not follow from the one before it: see the runbook, "Audit log".
      </p>
    </Notice>
  );
}
