import { signal } from '@preact/signals';
import { apiUrl } from '../api/base.ts';

/** What the embedded stack hands out to whoever sits at the machine: tokens, and a webhook key with its secret. */
export interface Development {
  readonly tokens: { readonly alpha: string; readonly beta: string; readonly admin: string };
  readonly tenants: { readonly alpha: string; readonly beta: string };
  readonly webhook_key: { readonly key_id: string; readonly secret: string };
}

/** Undefined wherever one has to bring a token of one's own. */
export const development = signal<Development | undefined>(undefined);

/** Asks the embedded stack, the only one that has such a route; elsewhere nothing is asked. */
export async function loadDevelopment(): Promise<void> {
  const stage = document.querySelector('meta[name="zerosum-stage"]')?.getAttribute('content');
  if (stage !== 'local') return;
  try {
    const response = await fetch(apiUrl('/development'));
    if (response.ok) development.value = (await response.json()) as Development;
  } catch {
    // Without an answer one pastes a token, as everywhere else.
  }
}
