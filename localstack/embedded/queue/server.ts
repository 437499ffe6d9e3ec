/**
 * The queue engine's process:
 *
 *     node --import tsx localstack/embedded/queue/server.ts --port N [--region R] [--account A] [--with-parent]
 *
 * Port 0 is any free one. With `--with-parent` it ends when its IPC channel closes or, started without one, its stdin. Once
 * ready it prints one line, `queue engine listening http://127.0.0.1:PORT`. Its queues live in memory and die with it.
 */
import { parseArgs } from 'node:util';
import { serveEngine } from '../engines/engine-process.ts';
import { createHttpServer } from './http.ts';
import { Registry } from './registry.ts';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    region: { type: 'string', default: 'us-east-1' },
    account: { type: 'string', default: '000000000000' },
    'with-parent': { type: 'boolean', default: false },
  },
});

const server = createHttpServer(new Registry({ region: options.region, accountId: options.account }));
serveEngine(server, { name: 'queue engine', port: Number(options.port), withParent: options['with-parent'] });
