import type { AnyCommand } from '../../command.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { argument, flag, option } from '../../parameters.ts';
import { inert } from '../../text/inert.ts';
import { KEY_KINDS, type Key, type KeyKind, keyColumns, keysOf } from './kind.ts';

/** `keys webhook revoke` and `keys api revoke`. */
export function keysRevoke(kind: KeyKind): AnyCommand {
  return command({
    name: `keys ${kind} revoke`,
    group: 'Administration',
    credential: 'admin',
    summary: `End the ${KEY_KINDS[kind]}, for good`,
    description:
      'It ends within seconds and stays in the list; its id never stands for another key. You are asked to type yes.',
    arguments: { id: argument('<id>', 'which key') },
    options: {
      yes: flag('--yes', 'do not ask; needed where there is no terminal'),
      ifMatch: option('--if-match <etag>', 'only while it is as you have seen it; without it, as it is now'),
    },
    examples: [
      { line: `keys ${kind} revoke ${kind === 'api' ? 'meter_1' : 'whk_acme'} --yes`, says: 'the end of a key' },
    ],
    async work(client, { id, yes, ifMatch }, output, session) {
      if (!(await session.confirm(`Revoke ${inert(id)}? This can not be undone.`, yes))) {
        output.note('Nothing was revoked.');
        return EXIT.failed;
      }
      const revoked = await keysOf(client, kind).revoke(id, { ...(ifMatch !== undefined && { etag: ifMatch }) });
      if (output.isJson) await output.answer(revoked);
      else await output.table<Key>(keyColumns, [[revoked]], '');
      return EXIT.ok;
    },
  });
}
