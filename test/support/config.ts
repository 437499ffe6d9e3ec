import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { engineClient } from './audit.ts';
import { tenantId } from './events.ts';
import type { RunningStack } from './stack.ts';

/** Makes tenants known to a running stack. */
export async function addTenants(stack: RunningStack, names: readonly string[]): Promise<void> {
  const client = engineClient(stack);
  const writer = new ConfigWriter(client, stack.table('Config'));
  for (const name of names) await writer.addTenant(tenantId(name), name);
  client.destroy();
}
