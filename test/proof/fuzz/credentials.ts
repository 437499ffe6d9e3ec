import { meterco, ownHeaders, type Signer, standardHeaders } from '../../support/webhook-signer.ts';
import { type FuzzRequest, headerOf } from './exchange.ts';

/** Whose valid credential a request carries, as far as we handed one out. */
export type Held =
  | { readonly kind: 'tenant'; readonly tenant: string; readonly isSpent: boolean }
  | { readonly kind: 'admin' | 'none' };

const TOLERANCE_SECONDS = 300;
const MS_PER_SECOND = 1_000;

/** Every valid credential of a run: whatever else a request carries is none. */
export class Credentials {
  readonly tenants: ReadonlyMap<string, string>;
  readonly admin: string;
  /** A tenant that has no request left in any window of the run, and its token. */
  readonly spent: readonly [tenant: string, token: string] | undefined;
  readonly signer: Signer = meterco;
  readonly signerTenant = 'tenant_alpha';

  /** @param tenants token by tenant */
  constructor(tenants: Record<string, string>, admin: string, spent?: readonly [tenant: string, token: string]) {
    this.tenants = new Map(Object.entries(tenants));
    this.admin = admin;
    this.spent = spent;
  }

  /** What the bearer token of a request is good for. */
  held(request: FuzzRequest): Held {
    const token = /^Bearer +([^ ]+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
    if (token === this.admin) return { kind: 'admin' };
    if (this.spent !== undefined && token === this.spent[1]) {
      return { kind: 'tenant', tenant: this.spent[0], isSpent: true };
    }
    for (const [tenant, known] of this.tenants) {
      if (token === known) return { kind: 'tenant', tenant, isSpent: false };
    }
    return { kind: 'none' };
  }

  /** Whether the body is signed by a key we know, now. */
  isSigned(request: FuzzRequest, nowMs = Date.now()): boolean {
    if (headerOf(request, 'x-key-id') !== this.signer.keyId) return false;
    const body = request.body ?? '';
    const signature = headerOf(request, 'x-signature');
    const isOwn = signature !== undefined || headerOf(request, 'webhook-signature') === undefined;
    const time = headerOf(request, isOwn ? 'x-timestamp' : 'webhook-timestamp') ?? '';
    const isTimely = /^\d{1,12}$/.test(time) && Math.abs(nowMs / MS_PER_SECOND - Number(time)) <= TOLERANCE_SECONDS;
    if (!isTimely) return false;
    if (isOwn) return ownHeaders(this.signer, body, time)['x-signature'] === signature;
    const id = headerOf(request, 'webhook-id') ?? '';
    const expected = standardHeaders(this.signer, body, time, { id })['webhook-signature'] ?? '';
    return id !== '' && (headerOf(request, 'webhook-signature') ?? '').split(' ').includes(expected);
  }

  /** Headers that sign a body now. */
  signed(body: Uint8Array): Record<string, string> {
    return ownHeaders(this.signer, body, unixSeconds());
  }
}

export function unixSeconds(): number {
  return Math.floor(Date.now() / MS_PER_SECOND);
}
