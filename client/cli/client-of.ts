import { ZerosumClient } from '../client.ts';
import type { Connection } from './connection.ts';
import type { Output } from './output.ts';

/** A person waits: a service that refuses connections is given up after a second or so, a slow one is not. */
const TRIES_MAX = 4;

/** The client for a command, which tells of every new try. */
export function clientOf({ url, token }: Connection, output: Output): ZerosumClient {
  return new ZerosumClient({
    url,
    token,
    retries: { triesMax: TRIES_MAX },
    onRetry: ({ tries }) => output.progress(`no answer yet, tried ${tries} of ${TRIES_MAX} times`),
  });
}
