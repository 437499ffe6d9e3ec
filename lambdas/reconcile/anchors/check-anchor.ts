import type { Anchor, AnchoredHead, AnchoredSeal, AnchorLink } from '../../domain/anchor.ts';
import type { Discrepancy } from '../../domain/discrepancy.ts';
import type { IntakeTally } from '../../domain/intake-tally.ts';
import type { FoundAnchor } from '../../storage/anchors.ts';
import { BATCH_GET_MAX } from '../../storage/dynamo.ts';
import type { AnchorPorts } from './ports.ts';

/** Seals read side by side: enough to hide the latency of one. */
const SEALS_AT_ONCE = 16;

type CheckPorts = Pick<AnchorPorts, 'ledger' | 'seals'> & { readonly anchors: Pick<AnchorPorts['anchors'], 'get'> };

/**
 * Everything one anchor says, held against what is stored now: its link to the anchor before, its lanes, its seals, and its
 * intake totals as far as the tally knows them. What is found needs no second look: an anchored page, seal or day never
 * changes, so one strongly consistent read that says otherwise is enough.
 */
export async function checkAnchor(
  key: string,
  found: FoundAnchor,
  ports: CheckPorts,
  tally?: IntakeTally,
): Promise<Discrepancy[]> {
  if (found.status !== 'found') return [unreadable(key, found)];
  const { anchor } = found;
  return [
    ...(anchor.previous === null ? [] : await checkLink(key, anchor.previous, ports)),
    ...(await checkHeads(key, anchor.heads, ports)),
    ...(await checkSeals(key, anchor.seals, ports)),
    ...checkIntake(key, anchor, tally),
  ];
}

/** Where the ledger contradicts anchored heads: each page must still be there with the same hash. */
export async function checkHeads(
  anchorKey: string,
  heads: readonly AnchoredHead[],
  { ledger }: Pick<AnchorPorts, 'ledger'>,
): Promise<Discrepancy[]> {
  const faults: Discrepancy[] = [];
  for (let start = 0; start < heads.length; start += BATCH_GET_MAX) {
    const some = heads.slice(start, start + BATCH_GET_MAX);
    const hashes = await ledger.pageHashes(some);
    for (const [index, { tenant, period, lane, seq, chain: expected }] of some.entries()) {
      const posted = hashes[index];
      if (posted === expected) continue;
      const what =
        posted === undefined
          ? `Page ${seq} is gone: the lane was cut back after it was anchored`
          : `Page ${seq} is not the one that was anchored: it or a page before it was rewritten`;
      faults.push({
        ...{ type: 'anchored_hash_missing', tenant, expected, place: { period, lane, seq } },
        ...(posted !== undefined && { posted }),
        message: `${what} (${anchorKey}).`,
      });
    }
  }
  return faults;
}

async function checkSeals(
  anchorKey: string,
  anchored: readonly AnchoredSeal[],
  { seals }: CheckPorts,
): Promise<Discrepancy[]> {
  const faults: Discrepancy[] = [];
  for (let start = 0; start < anchored.length; start += SEALS_AT_ONCE) {
    const some = anchored.slice(start, start + SEALS_AT_ONCE);
    const hashes = await Promise.all(some.map(({ tenant, period }) => seals.sealHash(tenant, period)));
    for (const [index, { tenant, period, hash: expected }] of some.entries()) {
      const posted = hashes[index];
      if (posted === expected) continue;
      const what = posted === undefined ? 'The anchored seal is gone' : 'The seal is not the one that was anchored';
      faults.push({
        ...{ type: 'anchored_seal_missing', tenant, expected, place: { period } },
        ...(posted !== undefined && { posted }),
        message: `${what} (${anchorKey}).`,
      });
    }
  }
  return faults;
}

function checkIntake(anchorKey: string, { at, intake }: Anchor, tally: IntakeTally | undefined): Discrepancy[] {
  const faults: Discrepancy[] = [];
  for (const { source, span, count, digest } of intake) {
    const now = tally?.total(source, span);
    if (now === undefined || (now.count === count && now.digest === digest)) continue;
    const what =
      now.count === count
        ? `A record of the ${source} intake accepted in ${span} was altered after ${at}`
        : `The ${source} intake held ${count} records accepted in ${span} at ${at}, and holds ${now.count}`;
    faults.push({
      ...{ type: 'anchored_intake_mismatch', tenant: undefined, place: { item: `${source} ${span}` } },
      ...{ expected: digest, posted: now.digest, message: `${what} (${anchorKey}).` },
    });
  }
  return faults;
}

async function checkLink(from: string, { key, hash }: AnchorLink, { anchors }: CheckPorts): Promise<Discrepancy[]> {
  const found = await anchors.get(key);
  const subject = { tenant: undefined, place: { item: key } };
  if (found.status === 'missing') {
    const message = `The anchor is gone, and ${from} names it as the one before.`;
    return [{ type: 'missing_anchor', ...subject, expected: hash, message }];
  }
  if (found.link.hash === hash) return [];
  const message = `${from} names this anchor with another hash.`;
  return [{ type: 'anchor_link_mismatch', ...subject, expected: hash, posted: found.link.hash, message }];
}

/** An anchor that says nothing any more. */
export function unreadable(key: string, found: Exclude<FoundAnchor, { status: 'found' }>): Discrepancy {
  const subject = { tenant: undefined, place: { item: key } };
  if (found.status === 'missing') return { type: 'missing_anchor', ...subject, message: 'The anchor is gone.' };
  return { type: 'damaged_anchor', ...subject, posted: found.link.hash, message: `The anchor is ${found.detail}.` };
}
