import { createServer } from 'node:net';

/** A loopback port that nothing listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((fulfil, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => fulfil(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
