import type { Tenants } from '../../../../../client/types/api.ts';
import { useRead } from '../../api/use-read.ts';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';

interface Props {
  /** Empty: all of them, or none yet. */
  readonly value: string;
  readonly onChange: (tenant: string) => void;
  /** What the empty choice means. */
  readonly empty: 'All tenants' | 'Choose a tenant';
}

/** Which tenant: a choice among those there are, or its id where they are too many to choose among. */
export function TenantChoice({ value, onChange, empty }: Props) {
  const { answer, call } = useRead<Tenants>({ method: 'GET', path: '/tenants' });
  if (answer?.next_cursor !== undefined || call?.problem) {
    const hint = call?.problem ? 'The list of tenants did not load.' : 'There are too many to list.';
    return (
      <Field
        label="Tenant"
        value={value}
        onInput={onChange}
        hint={`${hint} Type its id; empty: ${empty.toLowerCase()}.`}
      />
    );
  }
  const listed = (answer?.tenants ?? []).map(({ tenant, name }) => [tenant, `${tenant} – ${name}`] as const);
  // One that an address names is shown though the list has not come, or lacks it.
  const named = value === '' || listed.some(([id]) => id === value) ? [] : [[value, value] as const];
  return <Select label="Tenant" value={value} onChange={onChange} options={[['', empty], ...listed, ...named]} />;
}
