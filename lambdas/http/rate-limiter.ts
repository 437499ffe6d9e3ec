import type { TenantId } from '../domain/ids.ts';
import { RATE_LEASE_MAX, RATE_LEASES_PER_LIMIT, RATE_WINDOW_SECONDS } from './limits.ts';
import { Problem } from './problem.ts';

/** Where all processes of all functions count together. */
export interface RequestCounts {
  /**
   * Adds to a tenant's requests in the window that starts at this second since 1970; gives the new total. Throws when it
   * may not have been counted.
   */
  add(tenant: TenantId, windowStartSeconds: number, requests: number): Promise<number>;
}

/** What this process may still let through in a window before it has to count again. */
interface Lease {
  readonly windowStartSeconds: number;
  left: number;
  /** The limit was reached: nobody may let through more until the window ends. */
  isSpent: boolean;
}

const MS_PER_SECOND = 1_000;

/**
 * Bounds the requests of each tenant in fixed windows, over all processes together. Requests are counted ahead, in
 * leases: the bound is never passed, and a busy tenant costs a fraction of a write a request.
 */
export class RateLimiter {
  readonly #counts: RequestCounts;
  readonly #nowMs: () => number;
  readonly #perWindow: number;
  readonly #leaseSize: number;
  readonly #leases = new Map<TenantId, Lease>();

  constructor(counts: RequestCounts, nowMs: () => number, perWindow: number) {
    this.#counts = counts;
    this.#nowMs = nowMs;
    this.#perWindow = perWindow;
    this.#leaseSize = Math.min(RATE_LEASE_MAX, Math.max(1, Math.floor(perWindow / RATE_LEASES_PER_LIMIT)));
  }

  /** Counts one request. Throws a 429 when it is one too many, with the time until the window ends. */
  async count(tenant: TenantId): Promise<void> {
    const nowSeconds = this.#nowMs() / MS_PER_SECOND;
    const windowStartSeconds = Math.floor(nowSeconds / RATE_WINDOW_SECONDS) * RATE_WINDOW_SECONDS;
    const lease = this.#leaseOf(tenant, windowStartSeconds);
    if (lease.left === 0 && !lease.isSpent) await this.#extend(tenant, lease);
    if (lease.left === 0) {
      const retryAfterSeconds = Math.ceil(windowStartSeconds + RATE_WINDOW_SECONDS - nowSeconds);
      throw new Problem('throttled', `Send at most ${this.#perWindow} requests in ${RATE_WINDOW_SECONDS} seconds.`, {
        retryAfterSeconds,
      });
    }
    lease.left -= 1;
  }

  #leaseOf(tenant: TenantId, windowStartSeconds: number): Lease {
    const known = this.#leases.get(tenant);
    if (known?.windowStartSeconds === windowStartSeconds) return known;
    // A new window: what is left of others is worth nothing, whoever's it is.
    for (const [other, lease] of this.#leases) {
      if (lease.windowStartSeconds !== windowStartSeconds) this.#leases.delete(other);
    }
    const lease = { windowStartSeconds, left: 0, isSpent: false };
    this.#leases.set(tenant, lease);
    return lease;
  }

  async #extend(tenant: TenantId, lease: Lease): Promise<void> {
    const total = await this.#counts.add(tenant, lease.windowStartSeconds, this.#leaseSize);
    const before = total - this.#leaseSize;
    lease.left += Math.min(this.#leaseSize, Math.max(0, this.#perWindow - before));
    lease.isSpent = total >= this.#perWindow;
  }
}
