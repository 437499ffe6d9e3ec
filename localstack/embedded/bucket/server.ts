/**
 * The bucket engine's process:
 *
 *     node --import tsx localstack/embedded/bucket/server.ts --folder F --port N [--with-parent]
 *
 * Port 0 is any free one. With `--with-parent` it ends when its IPC channel closes or, started without one, its stdin. Once
 * ready it prints one line, `bucket engine listening http://127.0.0.1:PORT`. What it has answered for is on the disk.
 */
import { parseArgs } from 'node:util';
import { endWith, serveEngine } from '../engines/engine-process.ts';
import { Buckets } from './buckets.ts';
import { createHttpServer } from './http.ts';

const NAME = 'bucket engine';

const { values: options } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    'with-parent': { type: 'boolean', default: false },
  },
});

if (options.folder === undefined) endWith(NAME, 'give a --folder');
const server = createHttpServer(open(options.folder));
serveEngine(server, { name: NAME, port: Number(options.port), withParent: options['with-parent'] });

function open(folder: string): Buckets {
  try {
    return new Buckets(folder);
  } catch (error) {
    endWith(NAME, error instanceof Error ? error.message : String(error));
  }
}
