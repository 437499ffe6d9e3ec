import { type Answer, mint, request } from './client.ts';

/** An administrator's view of a running API. */
export class AdminClient {
  readonly #baseUrl: () => string;
  readonly #token = mint({ admin: true });

  /** @param baseUrl asked at each request, since a restarted stack may have moved */
  constructor(baseUrl: () => string) {
    this.#baseUrl = baseUrl;
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  /** @param body a text is sent as it is, anything else as JSON */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const authorization = `Bearer ${await this.#token}`;
    const init = { method, headers: { authorization, ...headers }, ...(text !== undefined && { body: text }) };
    return request(`${this.#baseUrl()}${path}`, init);
  }
}
