import type { Branded } from './brand.ts';
import { sha256Hex } from './digest.ts';
import type { TenantId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { IntakeTotal } from './intake-tally.ts';
import type { LaneKey, PageHash } from './page.ts';
import type { Period } from './period.ts';

/** SHA-256 of an anchor's text, byte for byte. */
export type AnchorHash = Branded<string, 'AnchorHash'>;

/** How far a lane had come: its last page and that page's hash, which covers every page before it. */
export interface AnchoredHead extends LaneKey {
  readonly seq: number;
  readonly chain: PageHash;
}

/** The seal of a closed month, by its hash. */
export interface AnchoredSeal {
  readonly tenant: TenantId;
  readonly period: Period;
  readonly hash: string;
}

/** An earlier anchor: whoever hides it, hides it in vain. */
export interface AnchorLink {
  readonly key: string;
  readonly hash: AnchorHash;
}

/** A run anchors what it has verified, of all tenants; a close the lanes it shut and the seal it put, of one. */
export const ANCHOR_KINDS = ['run', 'close'] as const;

/**
 * What was true at a moment, kept where nobody can change it. It protects exactly the pages up to the heads it lists, the
 * seals it lists and the intake days it counts; whatever came later, the next anchor protects.
 */
export interface Anchor {
  readonly kind: (typeof ANCHOR_KINDS)[number];
  readonly at: Instant;
  /** The run's anchor before this one; null for the first, and for a close's, whose role can't read the bucket. */
  readonly previous: AnchorLink | null;
  /** Lanes that moved since they were last anchored: an anchor's size follows activity, not history. */
  readonly heads: readonly AnchoredHead[];
  readonly seals: readonly AnchoredSeal[];
  readonly intake: readonly IntakeTotal[];
}

/** Heads in one anchor: some 150 KB of text; a run with more writes several. */
export const ANCHORED_HEADS_MAX = 1_000;

/** Its one text: every field, in this order, and nothing else. */
export function anchorText({ kind, at, previous, heads, seals, intake }: Anchor): string {
  return JSON.stringify({
    ...{ version: 1, kind, at },
    previous: previous && { key: previous.key, hash: previous.hash },
    heads: heads.map(({ tenant, period, lane, seq, chain }) => ({ tenant, period, lane, seq, chain })),
    seals: seals.map(({ tenant, period, hash }) => ({ tenant, period, hash })),
    intake: intake.map(({ source, span, count, digest }) => ({ source, span, count, digest })),
  });
}

export function anchorHash(text: string): AnchorHash {
  return sha256Hex(text) as AnchorHash;
}
