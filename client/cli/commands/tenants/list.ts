import type { Tenant } from '../../../types/api.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { rowsOf } from '../../pages.ts';
import type { Column } from '../../text/table.ts';

export const tenants = command({
  name: 'tenants',
  group: 'Administration',
  credential: 'admin',
  summary: 'List the tenants, or add and rename one',
  examples: [{ line: 'tenants', says: 'all of them, by id' }],
  async work(client, _given, output) {
    const pages = client.tenants().pages();
    if (output.isJson) for await (const page of pages) await output.answer(page);
    else
      await output.table(
        tenantColumns,
        rowsOf(pages, (page) => page.tenants),
        'There is no tenant yet.',
      );
    return EXIT.ok;
  },
});

export const tenantColumns: readonly Column<Tenant>[] = [
  { title: 'TENANT', cell: ({ tenant }) => tenant },
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'ETAG', cell: ({ etag }) => etag },
];
