import { setTimeout as sleep } from 'node:timers/promises';
import { sign } from '../../../localstack/embedded/dev-tokens.ts';
import { type Answer, request } from '../../support/client.ts';
import { meterco, ownHeaders, standardHeaders } from '../../support/webhook-signer.ts';

/** A caller's pause before it tries again. */
const RETRY_PAUSE_MS = 25;

/** How long a caller keeps trying one request; longer than any restart, on a machine that may be loaded. */
const PATIENCE_MS = 180_000;

/** The API answers within its gateway's 29 s, or the connection breaks. Whoever waits longer has found a hang. */
const HANG_MS = 60_000;

export type Credential = { readonly tenant: string } | { readonly admin: true } | { readonly signed: true };

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly credential: Credential;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** Sends a request as an integrator is told to: the same again until there is an answer that says yes or no. */
export class Sender {
  readonly violations: string[] = [];
  /** Requests sent again, since there was no answer, a 5xx or a 429. */
  retries = 0;
  readonly #url: () => string;
  readonly #tokens = new Map<string, Promise<string>>();

  /** @param url asked at each request, since a restarted stack has moved */
  constructor(url: () => string) {
    this.#url = url;
  }

  get(path: string, credential: Credential): Promise<Answer> {
    return this.settle({ method: 'GET', path, credential });
  }

  post(path: string, credential: Credential, body: unknown): Promise<Answer> {
    return this.settle({ method: 'POST', path, credential, body });
  }

  /** Sends until the answer is a 2xx or 4xx. Throws when there is none for so long that something must be wrong. */
  async settle(sent: Sent): Promise<Answer> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.#try(sent);
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
      if (performance.now() > deadlineMs) {
        throw new Error(`${sent.method} ${sent.path} was not settled; the last answer: ${answer?.text ?? 'none'}.`);
      }
      this.retries += 1;
      await sleep(RETRY_PAUSE_MS);
    }
  }

  /** Undefined without an answer: the connection was refused or cut. */
  async #try({ method, path, credential, body, contentType }: Sent): Promise<Answer | undefined> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(await this.#credentialHeaders(credential, text ?? '')),
      ...(contentType !== undefined && { 'content-type': contentType }),
    };
    const signal = AbortSignal.timeout(HANG_MS);
    try {
      return await request(`${this.#url()}${path}`, {
        method,
        headers,
        signal,
        ...(text !== undefined && { body: text }),
      });
    } catch {
      if (signal.aborted) this.violations.push(`${method} ${path} hung for ${HANG_MS} ms`);
      return undefined;
    }
  }

  async #credentialHeaders(credential: Credential, text: string): Promise<Record<string, string>> {
    if ('signed' in credential) {
      const unixSeconds = Math.floor(Date.now() / 1_000);
      // Providers sign in either form: by turns.
      return unixSeconds % 2 === 0
        ? ownHeaders(meterco, text, unixSeconds)
        : standardHeaders(meterco, text, unixSeconds);
    }
    const claims = 'admin' in credential ? { admin: true } : { tenant_id: credential.tenant };
    const name = JSON.stringify(claims);
    const token = this.#tokens.get(name) ?? sign(claims);
    this.#tokens.set(name, token);
    return { authorization: `Bearer ${await token}` };
  }
}
