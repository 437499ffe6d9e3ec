import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { useQuery } from '../../routing/use-query.ts';
import { useRedrive } from './use-redrive.ts';

/** Another try for one event by its id, whether it is listed or not: a finding may name one that is not. */
export function RedriveOne() {
  const [tenant, setTenant] = useQuery('tenant');
  const [eventId, setEventId] = useQuery('event');
  const { call, isBusy, redrive, outcomeOf } = useRedrive();
  const outcome = outcomeOf({ tenant, eventId });
  const submit = (event: Event): void => {
    event.preventDefault();
    void redrive([{ tenant, eventId }]);
  };
  return (
    <Panel title="Redrive an event by its id" call={call}>
      <form class="row" onSubmit={submit}>
        <Field label="Tenant" name="tenant" value={tenant} onInput={setTenant} problem={call?.problem} isRequired />
        <Field
          label="Event id"
          name="event_ids"
          value={eventId}
          onInput={setEventId}
          problem={call?.problem}
          isRequired
        />
        <Button submits isBusy={isBusy}>
          Redrive it
        </Button>
      </form>
      {outcome !== undefined && <Notice>{outcome}</Notice>}
      <ProblemView problem={call?.problem} />
    </Panel>
  );
}
