/**
 * The queue engine's process:
 *
 *     node --import tsx localstack/embedded/queue/server.ts --port N [--region R] [--account A] [--with-parent]
 *
 * Port 0 is any free one. With `--with-parent` it ends when its IPC channel closes or, started without one, its stdin. Once
 * ready it prints one line, `queue engine listening http://127.0.0.1:PORT`. Its queues live in memory and die with it.
 */
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createHttpServer } from './http.ts';
import { Registry } from './registry.ts';

/** Only this machine: the engine checks no signatures. */
const HOST = '127.0.0.1';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    region: { type: 'string', default: 'us-east-1' },
    account: { type: 'string', default: '000000000000' },
    'with-parent': { type: 'boolean', default: false },
  },
});

const server = createHttpServer(new Registry({ region: options.region, accountId: options.account }));

server.once('error', (error) => {
  console.error(`queue engine: ${error.message}`);
  process.exit(1);
});

server.listen(Number(options.port), HOST, () => {
  const { port } = server.address() as AddressInfo;
  console.log(`queue engine listening http://${HOST}:${port}`);
});

const stop = () => process.exit(0);
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

if (options['with-parent']) {
  // The parent's end of the channel closes however the parent ends, so no engine outlives its stack.
  if (process.connected) process.once('disconnect', stop);
  else process.stdin.once('end', stop).once('close', stop).resume();
}
