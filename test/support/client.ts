import { SignJWT } from 'jose';
import { waitFor } from './wait-for.ts';

/** What the embedded stack signs tokens with (contract, "Development seeds"). */
const DEVELOPMENT_SECRET = 'dev_jwt_secret_1';

/** A token as any holder of the secret can mint it. */
export function mint(claims: Record<string, unknown>, secret = DEVELOPMENT_SECRET): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; tests look into it freely. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on whatever came back.
  readonly json: any;
}

export interface UsageBody {
  readonly metric?: unknown;
  readonly quantity?: unknown;
  readonly idempotency_key?: unknown;
  readonly event_date?: unknown;
  readonly [extra: string]: unknown;
}

/** A tenant's view of a running API. */
export class TenantClient {
  readonly #baseUrl: () => string;
  readonly tenant: string;
  readonly #token: Promise<string>;

  /** @param baseUrl asked at each request, since a restarted stack may have moved */
  constructor(baseUrl: () => string, tenant: string) {
    this.#baseUrl = baseUrl;
    this.tenant = tenant;
    this.#token = mint({ tenant_id: tenant });
  }

  async send(
    method: string,
    path: string,
    init: { body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> } = {},
  ) {
    const authorization = `Bearer ${await this.#token}`;
    return request(`${this.#baseUrl()}${path}`, { method, ...init, headers: { authorization, ...init.headers } });
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  /** Sends one usage event, of one API call unless told otherwise. */
  post(body: UsageBody): Promise<Answer> {
    const event = { tenant: this.tenant, metric: 'api_call', quantity: 1, ...body };
    return this.send('POST', '/events', { body: JSON.stringify(event) });
  }

  receipt(eventId: string): Promise<Answer> {
    return this.get(`/events/${encodeURIComponent(eventId)}`);
  }

  /** Waits until an accepted event is posted or refused. */
  settled(eventId: string): Promise<void> {
    return waitFor(`${eventId} to settle`, async () => (await this.receipt(eventId)).json.status !== 'accepted');
  }

  async balanceMinor(): Promise<string> {
    return (await this.get('/balance')).json.balance_minor;
  }
}

export async function request(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
