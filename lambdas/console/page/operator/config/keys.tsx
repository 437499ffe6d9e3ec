import { useState } from 'preact/hooks';
import { useAction } from '../../api/use-action.ts';
import { usePages } from '../../api/use-pages.ts';
import { AdminOnly } from '../../parts/admin-only.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { type Issued, IssuedSecret } from './issued-secret.tsx';
import { KeyForm } from './key-form.tsx';
import { type KeyKind, type KeyPage, type KeyRow, keyKinds } from './key-kinds.ts';

/** The credentials of programs and providers: issue, rotate, revoke. */
export function Keys() {
  return (
    <>
      <KeysOf kind={keyKinds.api} />
      <KeysOf kind={keyKinds.webhook} />
    </>
  );
}

function KeysOf({ kind }: { readonly kind: KeyKind }) {
  return (
    <Panel title={kind.title}>
      <p>{kind.use}</p>
      <AdminOnly attempt={{ method: 'GET', path: kind.path }}>
        <KeyList kind={kind} />
      </AdminOnly>
    </Panel>
  );
}

function KeyList({ kind }: { readonly kind: KeyKind }) {
  const list = usePages<KeyPage>({ method: 'GET', path: kind.path });
  // Held here and not in the form: what is shown once must not go with the line that showed it.
  const [issued, setIssued] = useState<Issued>();
  return (
    <>
      <KeyForm kind={kind} onIssued={setIssued} />
      <IssuedSecret issued={issued} />
      {list.pages.length > 0 && (
        <Table
          caption={`${kind.title} by id, revoked ones too`}
          columns={[
            { title: 'Id', cell: ({ id }) => <code>{id}</code> },
            { title: 'Tenant', cell: ({ tenant }) => <code>{tenant}</code> },
            ...(kind.scopes.length === 0
              ? []
              : [{ title: 'Scopes', cell: ({ scopes = [] }: KeyRow) => scopes.join(', ') }]),
            { title: 'Issued (UTC)', cell: ({ created_at: at }) => <Moment at={at} /> },
            { title: 'State', cell: (key) => <State row={key} /> },
            { title: 'Change', cell: (key) => <Changes key={key.etag} kind={kind} row={key} onIssued={setIssued} /> },
          ]}
          rows={list.pages.flatMap(({ keys }) => keys)}
          keyOf={({ id }) => id}
          none="There are none yet."
        />
      )}
      <More list={list} />
      {list.call && <CallView call={list.call} />}
    </>
  );
}

function State({ row }: { readonly row: KeyRow }) {
  if (row.revoked_at !== null) {
    return (
      <>
        <span class="chip bad">revoked</span> <Moment at={row.revoked_at} />
      </>
    );
  }
  if (row.previous_valid_until === null) return <span class="chip good">valid</span>;
  return (
    <>
      <span class="chip good">valid</span> the secret before until <Moment at={row.previous_valid_until} />
    </>
  );
}

interface ChangesProps {
  readonly kind: KeyKind;
  readonly row: KeyRow;
  readonly onIssued: (issued: Issued) => void;
}

/** What can still be done with a key. Revoking is for good, so it takes a second click. */
function Changes({ kind, row, onIssued }: ChangesProps) {
  const { call, isBusy, run } = useAction();
  const [isSure, setSure] = useState(false);
  if (row.revoked_at !== null) return <span class="faint">for good</span>;
  const path = `${kind.path}/${encodeURIComponent(row.id)}`;
  const headers = { 'if-match': row.etag };
  const rotate = async (): Promise<void> => {
    const made = await run({ method: 'POST', path: `${path}/rotate`, body: {}, headers });
    if (made.problem === undefined) onIssued(made.json as Issued);
  };
  const revoke = async (): Promise<void> => {
    if (!isSure) return setSure(true);
    await run({ method: 'DELETE', path, headers });
  };
  return (
    <span class="stack">
      <span class="row">
        <button type="button" class="link" disabled={isBusy} aria-label={`Rotate ${row.id}`} onClick={rotate}>
          Rotate
        </button>
        <button
          type="button"
          class="link"
          disabled={isBusy}
          aria-label={`${isSure ? 'Really revoke' : 'Revoke'} ${row.id}`}
          onClick={revoke}
          onBlur={() => setSure(false)}
        >
          {isSure ? 'Really revoke, for good' : 'Revoke'}
        </button>
      </span>
      {call?.problem && <span role="alert">{call.problem.detail ?? call.problem.title}</span>}
      {call && <CallView call={call} />}
    </span>
  );
}
