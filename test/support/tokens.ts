import { createSecretKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { NOW_MS } from './events.ts';

export const SECRET = 'a-secret-for-tests';
export const NOW_SECONDS = NOW_MS / 1_000;

/** The claims of a good token, with changes; an undefined claim is left out. */
export function claims(changes: Record<string, unknown> = {}): JWTPayload {
  return { tenant_id: 'tenant_alpha', exp: NOW_SECONDS + 60, ...changes };
}

export function hs256(payload: JWTPayload, secret = SECRET, algorithm = 'HS256'): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: algorithm }).sign(createSecretKey(secret, 'utf8'));
}

export function bearer(token: string): string {
  return `Bearer ${token}`;
}

/** A token put together by hand, as an attacker would. */
export function handmade(header: object, payload: object, signature = ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.${signature}`;
}

/** A key pair for an algorithm: its public half as a key set has it, and a signer for tokens. */
export async function signer(algorithm: string, kid: string) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
  const sign = (payload: JWTPayload) =>
    new SignJWT(payload).setProtectedHeader({ alg: algorithm, kid }).sign(privateKey);
  return { jwk, sign };
}

/** A JWKS endpoint on this machine whose answer a test decides. */
export class KeySetServer {
  readonly #server: Server;
  answer: { status: number; body: string } = { status: 200, body: '{"keys":[]}' };
  requests = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<KeySetServer> {
    const server = createServer((_, response) => {
      served.requests += 1;
      response.writeHead(served.answer.status, { 'content-type': 'application/json' }).end(served.answer.body);
    });
    const served = new KeySetServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return served;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The key server is not up.');
    return `http://127.0.0.1:${address.port}/keys`;
  }

  publish(keys: readonly JWK[]): void {
    this.answer = { status: 200, body: JSON.stringify({ keys }) };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
