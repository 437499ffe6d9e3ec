import type { AnyCommand } from '../../command.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { rowsOf } from '../../pages.ts';
import { option } from '../../parameters.ts';
import { KEY_KINDS, type Key, type KeyKind, keyColumns, keysOf } from './kind.ts';

/** `keys webhook list` and `keys api list`. */
export function keysList(kind: KeyKind): AnyCommand {
  return command({
    name: `keys ${kind} list`,
    group: 'Administration',
    credential: 'admin',
    summary: `List the ${KEY_KINDS[kind]}s, revoked ones too`,
    options: { tenant: option('--tenant <tenant>', "one tenant's; without it, everyone's") },
    examples: [{ line: `keys ${kind} list --tenant tenant_alpha`, says: "a tenant's keys, never a secret" }],
    async work(client, { tenant }, output) {
      const pages = keysOf(client, kind)
        .list({ ...(tenant !== undefined && { tenant }) })
        .pages();
      if (output.isJson) for await (const page of pages) await output.answer(page);
      else
        await output.table<Key>(
          keyColumns,
          rowsOf(pages, ({ keys }): readonly Key[] => keys),
          'There are none.',
        );
      return EXIT.ok;
    },
  });
}
