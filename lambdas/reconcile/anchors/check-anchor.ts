import type { Anchor, AnchoredHead, AnchoredSeal, AnchorLink } from '../../domain/anchor.ts';
import type { IntakeTally } from '../../domain/intake-tally.ts';
import type { FoundAnchor } from '../../storage/anchors.ts';
import { BATCH_GET_MAX } from '../../storage/ledger.ts';
import type { AnchorFault, AnchorPorts } from './ports.ts';

/** Seals read side by side: enough to hide the latency of one. */
const SEALS_AT_ONCE = 16;

/**
 * Everything one anchor says, held against what is stored now: its link to the anchor before, its lanes, its seals, and its
 * intake totals as far as the tally knows them.
 */
export async function checkAnchor(
  key: string,
  found: FoundAnchor,
  ports: AnchorPorts,
  tally?: IntakeTally,
): Promise<AnchorFault[]> {
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
): Promise<AnchorFault[]> {
  const faults: AnchorFault[] = [];
  for (let start = 0; start < heads.length; start += BATCH_GET_MAX) {
    const some = heads.slice(start, start + BATCH_GET_MAX);
    const hashes = await ledger.pageHashes(some);
    for (const [index, { chain, ...place }] of some.entries()) {
      const found = hashes[index];
      if (found === chain) continue;
      const detail =
        found === undefined
          ? `page ${place.seq} was anchored and is gone: the lane was cut back`
          : `page ${place.seq} is not the one that was anchored: this page or one before it was rewritten`;
      faults.push({ type: 'anchor_mismatch', anchorKey, ...place, expected: chain, ...(found && { found }), detail });
    }
  }
  return faults;
}

async function checkSeals(
  anchorKey: string,
  anchored: readonly AnchoredSeal[],
  { seals }: AnchorPorts,
): Promise<AnchorFault[]> {
  const faults: AnchorFault[] = [];
  for (let start = 0; start < anchored.length; start += SEALS_AT_ONCE) {
    const some = anchored.slice(start, start + SEALS_AT_ONCE);
    const hashes = await Promise.all(some.map(({ tenant, period }) => seals.sealHash(tenant, period)));
    for (const [index, { tenant, period, hash: expected }] of some.entries()) {
      const found = hashes[index];
      if (found === expected) continue;
      const detail = found === undefined ? 'an anchored seal is gone' : 'the seal is not the one that was anchored';
      faults.push({
        ...{ type: 'anchor_mismatch', anchorKey, tenant, period, expected, detail },
        ...(found && { found }),
      });
    }
  }
  return faults;
}

function checkIntake(anchorKey: string, { at, intake }: Anchor, tally: IntakeTally | undefined): AnchorFault[] {
  const faults: AnchorFault[] = [];
  for (const { source, span, count, digest: expected } of intake) {
    const now = tally?.total(source, span);
    if (now === undefined || (now.count === count && now.digest === expected)) continue;
    const detail =
      now.count === count
        ? `a record of the ${source} intake accepted in ${span} was altered after ${at}`
        : `the ${source} intake held ${count} records accepted in ${span} at ${at}, and holds ${now.count}`;
    faults.push({ type: 'anchor_mismatch', anchorKey, expected, found: now.digest, detail });
  }
  return faults;
}

async function checkLink(from: string, { key, hash }: AnchorLink, { anchors }: AnchorPorts): Promise<AnchorFault[]> {
  const found = await anchors.get(key);
  if (found.status === 'missing') {
    return [
      { type: 'anchor_missing', anchorKey: key, detail: `${from} names it as the anchor before, and it is gone` },
    ];
  }
  if (found.link.hash === hash) return [];
  const detail = `${from} names the anchor before it with another hash`;
  return [{ type: 'anchor_mismatch', anchorKey: key, expected: hash, found: found.link.hash, detail }];
}

export function unreadable(anchorKey: string, found: Exclude<FoundAnchor, { status: 'found' }>): AnchorFault {
  if (found.status === 'missing') return { type: 'anchor_missing', anchorKey, detail: 'the anchor is gone' };
  return { type: 'anchor_damaged', anchorKey, detail: found.detail };
}
