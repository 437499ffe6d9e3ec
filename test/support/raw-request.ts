import { connect } from 'node:net';

/**
 * Sends these very characters to a server and gives all it answers until it closes the connection, bytes as characters where
 * that is what `latin1` asks for.
 */
export function rawRequest(url: string, text: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((fulfil, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding(encoding);
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.once('error', reject);
    socket.once('end', () => fulfil(answer));
  });
}
