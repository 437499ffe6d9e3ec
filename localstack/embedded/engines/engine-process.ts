import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Only this machine: the engines check no signatures. */
const HOST = '127.0.0.1';

export interface EngineProcess {
  /** As it names itself to people. */
  readonly name: string;
  readonly port: number;
  /** End when the IPC channel closes or, without one, the standard input. */
  readonly withParent: boolean;
}

/** Serves until it is told to end, having said on one line where. */
export function serveEngine(server: Server, { name, port, withParent }: EngineProcess): void {
  server.once('error', (error) => endWith(name, error.message));
  server.listen(port, HOST, () => {
    console.log(`${name} listening http://${HOST}:${(server.address() as AddressInfo).port}`);
  });

  const stop = () => process.exit(0);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (!withParent) return;
  // The parent's end of the channel closes however the parent ends, so no engine outlives its stack.
  if (process.connected) process.once('disconnect', stop);
  else process.stdin.once('end', stop).once('close', stop).resume();
}

/** Ends the process, saying why. */
export function endWith(name: string, why: string): never {
  console.error(`${name}: ${why}`);
  process.exit(1);
}
