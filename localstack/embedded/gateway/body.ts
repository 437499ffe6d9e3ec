import type { IncomingMessage } from 'node:http';

/** API Gateway quotas: "Payload size: 10 MB". */
export const MOST_BODY_BYTES = 10 * 1_048_576;

/** After a refusal the rest of a body is read and dropped for so long, so that the client gets to read the answer. */
const DRAIN_MS = 5_000;

/** The whole body; undefined as soon as it is known to be over the limit. Rejects when the client goes away. */
export function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((fulfil, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const refuse = () => {
      drain(request);
      fulfil(undefined);
    };
    if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) return refuse();
    const keep = (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= MOST_BODY_BYTES) return;
      request.off('data', keep);
      refuse();
    };
    request.on('data', keep);
    request.once('end', () => fulfil(Buffer.concat(chunks)));
    request.once('error', reject);
    return undefined;
  });
}

function drain(request: IncomingMessage): void {
  request.on('error', () => undefined);
  request.resume();
  const timer = setTimeout(() => request.destroy(), DRAIN_MS).unref();
  request.once('close', () => clearTimeout(timer));
}
