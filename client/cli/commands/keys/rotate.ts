import type { AnyCommand } from '../../command.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { argument, option, wholeNumber } from '../../parameters.ts';
import { KEY_KINDS, type KeyKind, keysOf, writeIssued } from './kind.ts';

/** `keys webhook rotate` and `keys api rotate`. */
export function keysRotate(kind: KeyKind): AnyCommand {
  return command({
    name: `keys ${kind} rotate`,
    group: 'Administration',
    credential: 'admin',
    summary: `Give the ${KEY_KINDS[kind]} a new secret, and show it once`,
    description: 'The secret before stays valid for a while, so that callers change over without a gap.',
    arguments: { id: argument('<id>', 'which key') },
    options: {
      overlapSeconds: wholeNumber('--overlap-seconds <n>', 'how long both are valid; 0 for a secret that leaked', {
        min: 0,
      }),
      ifMatch: option('--if-match <etag>', 'only while it is as you have seen it; without it, as it is now'),
    },
    examples: [
      {
        line: `keys ${kind} rotate ${kind === 'api' ? 'meter_1' : 'whk_acme'} --overlap-seconds 3600`,
        says: 'an hour to change over',
      },
    ],
    async work(client, { id, overlapSeconds, ifMatch }, output) {
      const rotation = { ...(overlapSeconds !== undefined && { overlap_seconds: overlapSeconds }) };
      const rotated = await keysOf(client, kind).rotate(id, rotation, {
        ...(ifMatch !== undefined && { etag: ifMatch }),
      });
      await writeIssued(rotated, output);
      return EXIT.ok;
    },
  });
}
