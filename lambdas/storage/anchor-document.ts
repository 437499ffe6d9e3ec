import * as z from 'zod';
import { ANCHOR_KINDS, ANCHORED_HEADS_MAX, type Anchor, type AnchorHash, anchorText } from '../domain/anchor.ts';
import { INTAKE_SOURCES } from '../domain/intake-tally.ts';
import { type Lane, parseLane } from '../domain/lane.ts';
import { stored, text } from './item.ts';

/** An anchor that is not what this system writes: damaged, or written by someone else. */
export class DamagedAnchorError extends Error {}

const SPAN_PATTERN = /^\d{4}-\d{2}(?:-\d{2})?$/;

/** A close anchors its own seal. */
const SEALS_MAX = 1;

/** Days and months of both intakes; a run writes some twenty. */
const TOTALS_MAX = 100;

const hash = stored.pageHash;

const anchorSchema = z.object({
  version: z.literal(1),
  kind: z.enum(ANCHOR_KINDS),
  at: stored.instant,
  previous: z
    .object({ key: z.string().min(1), hash: hash.transform((value) => value as string as AnchorHash) })
    .nullable(),
  heads: z
    .array(
      z.object({
        tenant: stored.tenant,
        period: stored.period,
        lane: z.int().transform((value, context): Lane => {
          const lane = parseLane(value);
          if (lane !== undefined) return lane;
          context.addIssue({ code: 'custom', message: 'no lane' });
          return z.NEVER;
        }),
        seq: z.int().positive(),
        chain: stored.pageHash,
      }),
    )
    .max(ANCHORED_HEADS_MAX),
  seals: z
    .array(z.object({ tenant: stored.tenant, period: stored.period, hash: hash.transform(String) }))
    .max(SEALS_MAX),
  intake: z
    .array(
      z.object({
        source: z.enum(INTAKE_SOURCES),
        span: text<string>((value) => (SPAN_PATTERN.test(value) ? value : undefined)),
        count: z.int().nonnegative(),
        digest: hash.transform(String),
      }),
    )
    .max(TOTALS_MAX),
});

/** The anchor of a text; throws a DamagedAnchorError unless it is, byte for byte, one that this system would write. */
export function anchorOf(document: string): Anchor {
  const parsed = anchorSchema.safeParse(parseJson(document));
  if (!parsed.success) {
    const paths = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole').join(', ');
    throw new DamagedAnchorError(`not an anchor of this system: ${paths}`);
  }
  const { version: _, ...anchor } = parsed.data;
  if (anchorText(anchor) !== document) throw new DamagedAnchorError('not in the one form this system writes');
  return anchor;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
