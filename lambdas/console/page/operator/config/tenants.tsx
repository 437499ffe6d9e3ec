import { useState } from 'preact/hooks';
import type { Tenant, Tenants as TenantsAnswer } from '../../../../../client/types/api.ts';
import { useAction } from '../../api/use-action.ts';
import { usePages } from '../../api/use-pages.ts';
import { AdminOnly } from '../../parts/admin-only.tsx';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Field } from '../../parts/field.tsx';
import { More } from '../../parts/more.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { Table } from '../../parts/table.tsx';
import { useDraft } from '../../session/use-draft.ts';

const LIST = { method: 'GET', path: '/tenants' } as const;

/** Who is billed: the list, a new one, another name. */
export function Tenants() {
  return (
    <Panel title="Tenants">
      <AdminOnly attempt={LIST}>
        <TenantForm />
        <TenantList />
      </AdminOnly>
    </Panel>
  );
}

function TenantList() {
  const list = usePages<TenantsAnswer>(LIST);
  const rows = list.pages.flatMap(({ tenants }) => tenants);
  return (
    <>
      {list.pages.length > 0 && (
        <Table
          caption="The tenants by id"
          columns={[
            { title: 'Tenant', cell: ({ tenant }) => <code>{tenant}</code> },
            { title: 'Name', cell: (row) => <Name row={row} /> },
          ]}
          rows={rows}
          keyOf={({ tenant }) => tenant}
          none="There are no tenants yet."
        />
      )}
      <More list={list} />
      {list.call && <CallView call={list.call} />}
    </>
  );
}

/** A name, and what it takes to change it: the etag says which name one has seen, so that nobody overwrites another's. */
function Name({ row }: { readonly row: Tenant }) {
  // The row as it was when one began to change it, whatever it has become since.
  const [draft, setDraft] = useState<{ readonly name: string; readonly etag: string }>();
  const { call, isBusy, run, forget } = useAction();
  if (draft === undefined) {
    return (
      <span class="spread">
        {row.name}
        <button type="button" class="link" aria-label={`Rename ${row.tenant}`} onClick={() => setDraft(row)}>
          Rename
        </button>
      </span>
    );
  }
  const cancel = (): void => {
    setDraft(undefined);
    forget();
  };
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = { tenant: row.tenant, name: draft.name };
    const made = await run({ method: 'POST', path: '/tenants', body, headers: { 'if-match': draft.etag } });
    if (made.problem === undefined) setDraft(undefined);
  };
  return (
    <form class="row" onSubmit={save}>
      <Field
        label={`New name of ${row.tenant}, now ${row.name}`}
        name="name"
        value={draft.name}
        onInput={(name) => setDraft({ ...draft, name })}
        problem={call?.problem}
      />
      <Button submits isBusy={isBusy}>
        Save
      </Button>
      <Button onClick={cancel}>Cancel</Button>
      <ProblemView problem={call?.problem} />
      {call && <CallView call={call} />}
    </form>
  );
}

function TenantForm() {
  const [tenant, setTenant] = useDraft('tenants.id', 'tenant_');
  const [name, setName] = useDraft('tenants.name');
  const { call, isBusy, run } = useAction();
  const create = async (event: Event): Promise<void> => {
    event.preventDefault();
    await run({ method: 'POST', path: '/tenants', body: { tenant, name }, headers: { 'if-none-match': '*' } });
  };
  const problem = call?.problem;
  return (
    <>
      <form class="row" onSubmit={create}>
        <Field label="Id of a new tenant" name="tenant" value={tenant} onInput={setTenant} problem={problem} />
        <Field label="What people call it" name="name" value={name} onInput={setName} problem={problem} />
        <Button submits isPrimary isBusy={isBusy}>
          Add the tenant
        </Button>
      </form>
      <ProblemView problem={problem} />
      {call && problem === undefined && <Notice tone="good">It may use everything at once.</Notice>}
      {call && <CallView call={call} />}
    </>
  );
}
