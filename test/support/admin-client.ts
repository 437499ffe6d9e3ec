import { type Answer, mint, request } from './client.ts';

/** An administrator's view of a running API. */
export class AdminClient {
  readonly #baseUrl: () => string;
  readonly #token = mint({ admin: true });

  /** @param baseUrl asked at each request, since a restarted stack may have moved */
  constructor(baseUrl: () => string) {
    this.#baseUrl = baseUrl;
  }

  async get(path: string): Promise<Answer> {
    return request(`${this.#baseUrl()}${path}`, { headers: await this.#headers() });
  }

  async post(path: string, body: unknown): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return request(`${this.#baseUrl()}${path}`, { method: 'POST', body: text, headers: await this.#headers() });
  }

  async #headers(): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.#token}` };
  }
}
