import { ZerosumProblem } from '../../../errors.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { argument } from '../../parameters.ts';
import { tenantColumns } from './list.ts';

export const tenantsAdd = command({
  name: 'tenants add',
  group: 'Administration',
  credential: 'admin',
  summary: 'Add a tenant',
  description: 'It may use everything at once. Adding it again under the same name changes nothing.',
  arguments: {
    tenant: argument('<tenant>', 'the id it has for ever: a to z, 0 to 9 and _'),
    name: argument('<name>', 'what people call it'),
  },
  examples: [{ line: "tenants add tenant_gamma 'Gamma Ltd'", says: 'a new tenant' }],
  async work(client, { tenant, name }, output) {
    try {
      // Without a condition, so that a second try after a lost answer is no conflict.
      const added = await client.addTenant({ tenant, name });
      if (output.isJson) await output.answer(added);
      else await output.table(tenantColumns, [[added]], '');
      return EXIT.ok;
    } catch (error) {
      if (!(error instanceof ZerosumProblem && error.kind === 'precondition_required')) throw error;
      throw new CommandError(`${tenant} exists already, under another name: use zerosum tenants rename.`);
    }
  },
});
