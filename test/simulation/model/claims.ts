import type { SimulatedResponse } from '../system.ts';
import { documentOf, type Exchange, isFinal, type Performance } from '../workload/history.ts';
import { faceOf, nameOf, type Payload } from '../workload/payload.ts';

/**
 * What the sender of a payload was told of it; `unknown`: it may be on record or not; `outdated`: its signature was too old,
 * and nothing was said of what it signs.
 */
export type Told = 'accepted' | 'conflict' | 'refused' | 'outdated' | 'unknown';

/** A payload, each time it was sent. */
export interface Sent {
  readonly payload: Payload;
  readonly face: string;
  readonly told: Told;
  readonly sentMs: number;
  readonly answeredMs: number;
}

/** Everything that was sent under one id of one tenant, in the order of the answers. */
export type Claims = ReadonlyMap<string, readonly Sent[]>;

/** A signature is good for five minutes, give or take what clocks differ. */
const SIGNED_MS = 290_000;

const SERVER_FAULT = 500;

/** What was said to whom, by the ids it was said of. */
export function claimsOf(performances: readonly Performance[]): Claims {
  const all: Sent[] = [];
  for (const { operation, exchanges } of performances) {
    const { deed } = operation;
    if (deed.kind !== 'send') continue;
    for (const exchange of exchanges) {
      const { response, sentMs, answeredMs } = exchange;
      const statuses = statusesOf(response, deed.items.length);
      for (const [place, item] of deed.items.entries()) {
        if (!('payload' in item)) continue;
        const told = toldBy(statuses[place] ?? 0, exchange);
        all.push({ payload: item.payload, face: faceOf(item.payload), told, sentMs, answeredMs });
      }
    }
  }
  all.sort((left, right) => left.answeredMs - right.answeredMs);
  const claims = new Map<string, Sent[]>();
  for (const sent of all) {
    const name = nameOf(sent.payload);
    const same = claims.get(name) ?? [];
    same.push(sent);
    claims.set(name, same);
  }
  return claims;
}

function toldBy(status: number, { request, sentMs }: Exchange): Told {
  if (status === 202) return 'accepted';
  if (status === 409) return 'conflict';
  if (status < 400 || status === 429 || status >= SERVER_FAULT) return 'unknown';
  const signedMs = Number(request.headers?.['x-timestamp'] ?? Number.NaN) * 1_000;
  return status === 401 && sentMs - signedMs > SIGNED_MS ? 'outdated' : 'refused';
}

interface ItemResult {
  readonly status: number;
  readonly event_id?: string;
}

/** What became of each place of a batch; none of what was refused as a whole. */
export function itemsOf(response: SimulatedResponse): readonly ItemResult[] {
  const results = documentOf(response)?.['results'];
  return Array.isArray(results) ? (results as ItemResult[]) : [];
}

/** The status of each place of what was sent; 0 where nothing was said of it. */
function statusesOf(response: SimulatedResponse | undefined, places: number): number[] {
  if (!isFinal(response)) return new Array<number>(places).fill(0);
  const results = itemsOf(response);
  return results.length > 0 ? results.map(({ status }) => status) : new Array<number>(places).fill(response.status);
}
