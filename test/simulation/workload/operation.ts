import type { SimulatedRequest } from '../system.ts';
import type { Payload } from './payload.ts';

/** How a client takes no for no answer: the same request until a final one, with ever longer waits, or it gives up. */
export interface Patience {
  readonly attempts: number;
  readonly firstWaitMs: number;
}

/** A request as it is sent at a moment of its client's: what is signed, is signed with the time. */
export type Sending = (nowMs: number) => SimulatedRequest;

/** What a place in what is sent holds: a payload, or something that must be refused with this status. */
export type Item = { readonly payload: Payload } | { readonly refusedWith: number };

/** What somebody does in a run. */
export type Deed =
  /** Hands in events or adjustments: one, or a batch with an answer for each. */
  | { readonly kind: 'send'; readonly items: readonly Item[]; readonly isBatch: boolean; readonly sending: Sending }
  /** Asks for what must be refused. */
  | { readonly kind: 'wrong'; readonly status: number; readonly sending: Sending }
  | { readonly kind: 'close'; readonly tenant: string; readonly period: string }
  | { readonly kind: 'redrive'; readonly tenant: string; readonly eventIds: readonly string[] }
  | { readonly kind: 'reconcile'; readonly tenant: string | undefined; readonly full: boolean }
  /** Reads a month page by page. */
  | { readonly kind: 'statement'; readonly tenant: string; readonly period: string; readonly limit: number }
  | { readonly kind: 'receipt'; readonly tenant: string; readonly eventId: string }
  | { readonly kind: 'read'; readonly token: string; readonly path: string };

export type DeedKind = Deed['kind'];

/** A deed with its place in the plan and its time; removing one moves no other. */
export interface Operation {
  readonly index: number;
  /** After the start of the run. */
  readonly afterMs: number;
  /** How many events it is. */
  readonly events: number;
  readonly patience: Patience;
  readonly deed: Deed;
}

export type Of<Kind extends DeedKind> = Extract<Deed, { kind: Kind }>;
