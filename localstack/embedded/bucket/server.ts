/**
 * The bucket engine's process:
 *
 *     node --import tsx localstack/embedded/bucket/server.ts --folder F --port N [--with-parent]
 *
 * Port 0 is any free one. With `--with-parent` it ends when its IPC channel closes or, started without one, its stdin. Once
 * ready it prints one line, `bucket engine listening http://127.0.0.1:PORT`. What it has answered for is on the disk.
 */
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { Buckets } from './buckets.ts';
import { createHttpServer } from './http.ts';

/** Only this machine: the engine checks no signatures. */
const HOST = '127.0.0.1';

const { values: options } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    'with-parent': { type: 'boolean', default: false },
  },
});

if (options.folder === undefined) fail('give a --folder');
const server = createHttpServer(open(options.folder));

server.once('error', (error) => fail(error.message));
server.listen(Number(options.port), HOST, () => {
  const { port } = server.address() as AddressInfo;
  console.log(`bucket engine listening http://${HOST}:${port}`);
});

const stop = () => process.exit(0);
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

if (options['with-parent']) {
  // The parent's end of the channel closes however the parent ends, so no engine outlives its stack.
  if (process.connected) process.once('disconnect', stop);
  else process.stdin.once('end', stop).once('close', stop).resume();
}

function open(folder: string): Buckets {
  try {
    return new Buckets(folder);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

function fail(why: string): never {
  console.error(`bucket engine: ${why}`);
  process.exit(1);
}
