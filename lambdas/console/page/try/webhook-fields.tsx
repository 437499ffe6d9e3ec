import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import { development } from '../session/development.ts';
import { fillWebhook, METRICS, type Scheme, webhookForm } from './forms.ts';
import { timeline } from './timeline.ts';

const SCHEMES = [
  ['own', 'X-Signature'],
  ['standard', 'Standard Webhooks'],
] as const satisfies readonly (readonly [Scheme, string])[];

/** What a delivery says, and what it is signed with. */
export function WebhookFields() {
  const { keyId, secret, scheme, deliveryId, metric, quantity } = webhookForm.value;
  const [last] = timeline.value;
  const problem = last?.step === 'webhook' ? last.call?.problem : undefined;
  const { webhook_key: developmentKey, tenants } = development.value ?? {};
  const isDevelopmentKey = keyId !== '' && keyId === developmentKey?.key_id;
  return (
    <div class="try-fields">
      <Field
        {...{ label: 'Key id', value: keyId }}
        {...(isDevelopmentKey && { hint: `${tenants?.alpha}’s: its ledger moves, whoever you act as` })}
        onInput={(typed) => fillWebhook({ keyId: typed.trim() })}
      />
      <Field
        {...{ label: 'Secret', type: 'password', value: secret }}
        hint="stays in this tab"
        onInput={(typed) => fillWebhook({ secret: typed.trim() })}
      />
      <Field
        {...{ label: 'Metric', name: 'metric', value: metric, problem, suggestions: METRICS }}
        onInput={(typed) => fillWebhook({ metric: typed })}
      />
      <Field
        {...{ label: 'Quantity', name: 'quantity', value: quantity, problem }}
        onInput={(typed) => fillWebhook({ quantity: typed })}
      />
      <Field
        {...{ label: 'Delivery id', name: 'event_id', value: deliveryId, problem }}
        hint="names this delivery for ever; a new one after each"
        onInput={(typed) => fillWebhook({ deliveryId: typed })}
      />
      <Select
        {...{ label: 'Form of the signature', value: scheme, options: SCHEMES }}
        onChange={(chosen) => fillWebhook({ scheme: chosen as Scheme })}
      />
    </div>
  );
}
