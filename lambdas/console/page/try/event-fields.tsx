import { Field } from '../parts/field.tsx';
import { identity } from '../session/identity.ts';
import { eventForm, fillEvent, METRICS } from './forms.ts';
import { timeline } from './timeline.ts';

/** What there is to say of an event. A refusal that names a field is said below it. */
export function EventFields() {
  const { tenant, metric, quantity, key, date } = eventForm.value;
  const who = identity.value?.facts;
  const [last] = timeline.value;
  const problem = last?.step === 'send' ? last.call?.problem : undefined;
  return (
    <div class="try-fields">
      {who?.kind === 'tenant' ? (
        <p class="field try-said">
          <span>Tenant</span>
          <code>{who.tenant}</code>
          <small>who your token says you are</small>
        </p>
      ) : (
        <Field
          {...{ label: 'Tenant', name: 'tenant', value: tenant, problem }}
          hint="the one your key belongs to"
          onInput={(typed) => fillEvent({ tenant: typed })}
        />
      )}
      <Field
        {...{ label: 'Metric', name: 'metric', value: metric, problem, suggestions: METRICS }}
        hint="one of the price book"
        onInput={(typed) => fillEvent({ metric: typed })}
      />
      <Field
        {...{ label: 'Quantity', name: 'quantity', value: quantity, problem }}
        hint="a whole number"
        onInput={(typed) => fillEvent({ quantity: typed })}
      />
      <Field
        {...{ label: 'Idempotency key', name: 'idempotency_key', value: key, problem }}
        hint="names this event for ever; a new one after each send"
        onInput={(typed) => fillEvent({ key: typed })}
      />
      <Field
        {...{ label: 'Event date, if not now', name: 'event_date', value: date, problem }}
        hint="such as 2026-11-24T09:30:00Z"
        onInput={(typed) => fillEvent({ date: typed })}
      />
    </div>
  );
}
