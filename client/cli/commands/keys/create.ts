import type { AnyCommand } from '../../command.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { UsageError } from '../../failure.ts';
import { argument, option, optionList } from '../../parameters.ts';
import { KEY_KINDS, type KeyKind, writeIssued } from './kind.ts';

const SCOPES = ['usage:write', 'ledger:read'] as const;

const common = {
  group: 'Administration',
  credential: 'admin',
  arguments: { tenant: argument('<tenant>', 'for whom it speaks') },
} as const;

const id = option('--id <id>', 'its id, for ever; without it, one is made up');

/** `keys webhook create` and `keys api create`. */
export function keysCreate(kind: KeyKind): AnyCommand {
  return kind === 'api' ? createApiKey : createWebhookKey;
}

const createWebhookKey = command({
  ...common,
  name: 'keys webhook create',
  summary: `Issue a ${KEY_KINDS.webhook}, and show its secret once`,
  options: { id },
  examples: [{ line: 'keys webhook create tenant_alpha --id whk_acme', says: 'for a provider that signs deliveries' }],
  async work(client, { tenant, id }, output) {
    await writeIssued(await client.webhookKeys.issue({ tenant, ...(id !== undefined && { id }) }), output);
    return EXIT.ok;
  },
});

const createApiKey = command({
  ...common,
  name: 'keys api create',
  summary: `Issue an ${KEY_KINDS.api}, and show its secret once`,
  options: { id, scopes: optionList('--scope <scope>', SCOPES, 'what it may do') },
  examples: [
    { line: 'keys api create tenant_alpha --id meter_1 --scope usage:write', says: 'for a program that reports usage' },
  ],
  async work(client, { tenant, id, scopes }, output) {
    if (scopes === undefined) throw new UsageError(`Say what the key may do: --scope ${SCOPES.join(', --scope ')}.`);
    const request = { tenant, scopes: [...scopes], ...(id !== undefined && { id }) };
    await writeIssued(await client.apiKeys.issue(request), output);
    return EXIT.ok;
  },
});
