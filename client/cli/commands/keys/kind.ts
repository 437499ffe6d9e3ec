import type { ZerosumClient } from '../../../client.ts';
import type { ApiKey, IssuedApiKey, IssuedWebhookKey, WebhookKey } from '../../../types/api.ts';
import type { Output } from '../../output.ts';
import { inert } from '../../text/inert.ts';
import { utc } from '../../text/moment.ts';
import type { Column } from '../../text/table.ts';

/** What `zerosum keys` has below it, and what each is called. */
export const KEY_KINDS = { webhook: 'webhook key', api: 'API key' } as const;

export type KeyKind = keyof typeof KEY_KINDS;

export type Key = WebhookKey | ApiKey;
export type IssuedKey = IssuedWebhookKey | IssuedApiKey;

export function keysOf(client: ZerosumClient, kind: KeyKind) {
  return kind === 'api' ? client.apiKeys : client.webhookKeys;
}

/** What everybody may see of a key. */
export const keyColumns: readonly Column<Key>[] = [
  { title: 'KEY', cell: ({ id }) => id },
  { title: 'TENANT', cell: ({ tenant }) => tenant },
  { title: 'SCOPES', cell: (key) => ('scopes' in key ? key.scopes.join(' ') : undefined) },
  { title: 'ISSUED (UTC)', cell: ({ created_at }) => utc(created_at) },
  { title: 'OLD SECRET UNTIL (UTC)', cell: ({ previous_valid_until }) => utc(previous_valid_until) },
  { title: 'REVOKED (UTC)', cell: ({ revoked_at }) => utc(revoked_at) },
];

/** A key with its secret, which nobody will see again. */
export async function writeIssued(key: IssuedKey, output: Output): Promise<void> {
  if (output.isJson) {
    await output.answer(key);
    return;
  }
  await output.table(keyColumns, [[key]], '');
  await output.line();
  await output.line(`Secret:  ${inert(key.secret)}`);
  await output.line('Keep it now: it is shown this once and never again.');
}
