import { useState } from 'preact/hooks';
import { useAction } from '../../api/use-action.ts';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Field } from '../../parts/field.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { useDraft } from '../../session/use-draft.ts';
import type { Issued } from './issued-secret.tsx';
import type { KeyKind } from './key-kinds.ts';

interface Props {
  readonly kind: KeyKind;
  readonly onIssued: (issued: Issued) => void;
}

/** Issues a key. */
export function KeyForm({ kind, onIssued }: Props) {
  const [tenant, setTenant] = useDraft(`${kind.path}.tenant`, 'tenant_alpha');
  const [id, setId] = useDraft(`${kind.path}.id`);
  const [scopes, setScopes] = useState<readonly string[]>(kind.scopes);
  const { call, isBusy, run } = useAction();
  const issue = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = { tenant, ...(id !== '' && { id }), ...(kind.scopes.length > 0 && { scopes }) };
    const made = await run({ method: 'POST', path: kind.path, body });
    if (made.problem === undefined) onIssued(made.json as Issued);
  };
  const toggle = (scope: string): void =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  const problem = call?.problem;
  return (
    <form class="row" onSubmit={issue}>
      <Field label="For tenant" name="tenant" value={tenant} onInput={setTenant} problem={problem} />
      <Field label="Id, or empty for a made-up one" name="id" value={id} onInput={setId} problem={problem} />
      {kind.scopes.map((scope) => (
        <label key={scope}>
          <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} /> {scope}
        </label>
      ))}
      <Button submits isPrimary isBusy={isBusy}>
        Issue a key
      </Button>
      <ProblemView problem={problem} />
      {call && <CallView call={call} />}
    </form>
  );
}
