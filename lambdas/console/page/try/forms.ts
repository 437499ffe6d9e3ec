import { development } from '../session/development.ts';
import { freshId } from '../session/fresh-id.ts';
import { stored } from '../session/stored.ts';

/** What one fills in to send an event; all of it text, sent as it stands. */
export interface EventForm {
  /** Asked for only where the credential does not say it. */
  readonly tenant: string;
  readonly metric: string;
  readonly quantity: string;
  readonly key: string;
  readonly date: string;
}

/** The two forms of a signature that the service takes. */
export type Scheme = 'own' | 'standard';

export interface WebhookForm {
  readonly keyId: string;
  readonly secret: string;
  readonly scheme: Scheme;
  readonly deliveryId: string;
  readonly metric: string;
  readonly quantity: string;
}

/** What most price books have, this stack's among them. */
export const METRICS = ['api_call', 'storage_gb_hour'] as const;

export const eventForm = stored<EventForm>('try.event', {
  tenant: '',
  metric: METRICS[0],
  quantity: '100',
  key: freshId('try'),
  date: '',
});

/** With the secret, which stays in this tab. */
export const webhookForm = stored<WebhookForm>('try.webhook', {
  keyId: development.peek()?.webhook_key.key_id ?? '',
  secret: development.peek()?.webhook_key.secret ?? '',
  scheme: 'own',
  deliveryId: freshId('delivery'),
  metric: METRICS[1],
  quantity: '20',
});

export function fillEvent(changes: Partial<EventForm>): void {
  eventForm.value = { ...eventForm.peek(), ...changes };
}

export function fillWebhook(changes: Partial<WebhookForm>): void {
  webhookForm.value = { ...webhookForm.peek(), ...changes };
}
