import type { Caller, CallOptions } from './caller.ts';
import { type Listing, listing } from './listing.ts';
import type * as api from './types/api.ts';

type KeyQuery = api.ListWebhookKeysQuery & api.ListApiKeysQuery;

/** The five operations of one kind of key. */
interface KeyCalls<Key, IssuedKey, Request> {
  list(
    query: KeyQuery,
    options?: CallOptions,
  ): Promise<{ readonly keys: readonly Key[]; readonly next_cursor?: string }>;
  issue(request: Request, options?: CallOptions): Promise<IssuedKey>;
  get(id: string, options?: CallOptions): Promise<Key>;
  rotate(id: string, etag: string, rotation: api.RotationRequest, options?: CallOptions): Promise<IssuedKey>;
  revoke(id: string, etag: string, options?: CallOptions): Promise<Key>;
}

export interface ChangeOptions extends CallOptions {
  /** The `etag` of the key as you have seen it; by default it is read first. */
  readonly etag?: string;
}

/** The keys of one kind: of webhooks, or of the API. */
export class Keys<Key extends { readonly etag: string }, IssuedKey, Request extends { readonly id?: string }> {
  readonly #calls: KeyCalls<Key, IssuedKey, Request>;
  readonly #newId: () => string;

  constructor(calls: KeyCalls<Key, IssuedKey, Request>, newId: () => string) {
    this.#calls = calls;
    this.#newId = newId;
  }

  /** By id, revoked ones too, never a secret. */
  list(
    query: KeyQuery = {},
    options?: CallOptions,
  ): Listing<Key, { readonly keys: readonly Key[]; readonly next_cursor?: string }> {
    return listing(
      query,
      (page) => this.#calls.list(page, options),
      (page) => page.keys,
    );
  }

  /**
   * Issues a key, whose secret is in this answer and never again. It gets its id before it is first sent, so that a retry
   * can't issue a second one.
   */
  issue(request: Request, options?: CallOptions): Promise<IssuedKey> {
    return this.#calls.issue({ ...request, id: request.id ?? this.#newId() }, options);
  }

  get(id: string, options?: CallOptions): Promise<Key> {
    return this.#calls.get(id, options);
  }

  /** Gives the key a new secret; the one before stays valid for `overlap_seconds`. */
  async rotate(id: string, rotation: api.RotationRequest = {}, options: ChangeOptions = {}): Promise<IssuedKey> {
    return this.#calls.rotate(id, await this.#etag(id, options), rotation, options);
  }

  /** Revokes the key, for good. */
  async revoke(id: string, options: ChangeOptions = {}): Promise<Key> {
    return this.#calls.revoke(id, await this.#etag(id, options), options);
  }

  async #etag(id: string, options: ChangeOptions): Promise<string> {
    return options.etag ?? (await this.get(id, options)).etag;
  }
}

export type WebhookKeys = Keys<api.WebhookKey, api.IssuedWebhookKey, api.WebhookKeyRequest>;
export type ApiKeys = Keys<api.ApiKey, api.IssuedApiKey, api.ApiKeyRequest>;

export function webhookKeysOf(caller: Caller, newId: () => string): WebhookKeys {
  return new Keys(
    {
      list: (query, options) => caller.answer('listWebhookKeys', { query }, options),
      issue: (body, options) => caller.answer('issueWebhookKey', { body }, options),
      get: (id, options) => caller.answer('getWebhookKey', { path: { id } }, options),
      rotate: (id, etag, body, options) =>
        caller.answer('rotateWebhookKey', { path: { id }, header: { 'If-Match': etag }, body }, options),
      revoke: (id, etag, options) =>
        caller.answer('revokeWebhookKey', { path: { id }, header: { 'If-Match': etag } }, options),
    },
    newId,
  );
}

export function apiKeysOf(caller: Caller, newId: () => string): ApiKeys {
  return new Keys(
    {
      list: (query, options) => caller.answer('listApiKeys', { query }, options),
      issue: (body, options) => caller.answer('issueApiKey', { body }, options),
      get: (id, options) => caller.answer('getApiKey', { path: { id } }, options),
      rotate: (id, etag, body, options) =>
        caller.answer('rotateApiKey', { path: { id }, header: { 'If-Match': etag }, body }, options),
      revoke: (id, etag, options) =>
        caller.answer('revokeApiKey', { path: { id }, header: { 'If-Match': etag } }, options),
    },
    newId,
  );
}
