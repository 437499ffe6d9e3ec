import type { ZerosumClient } from '../../../client.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { argument, option } from '../../parameters.ts';
import { tenantColumns } from './list.ts';

export const tenantsRename = command({
  name: 'tenants rename',
  group: 'Administration',
  credential: 'admin',
  summary: 'Give a tenant another name',
  arguments: {
    tenant: argument('<tenant>', 'its id, which stays'),
    name: argument('<name>', 'what people are to call it'),
  },
  options: {
    ifMatch: option('--if-match <etag>', 'only while it is as you have seen it; without it, as it is now'),
  },
  examples: [{ line: "tenants rename tenant_gamma 'Gamma Limited'", says: 'another name' }],
  async work(client, { tenant, name, ifMatch }, output) {
    const etag = ifMatch ?? (await etagOf(client, tenant));
    const renamed = await client.addTenant({ tenant, name }, { etag });
    if (output.isJson) await output.answer(renamed);
    else await output.table(tenantColumns, [[renamed]], '');
    return EXIT.ok;
  },
});

async function etagOf(client: ZerosumClient, id: string): Promise<string> {
  for await (const { tenant, etag } of client.tenants()) if (tenant === id) return etag;
  throw new CommandError(`There is no tenant ${id}: zerosum tenants lists them.`);
}
