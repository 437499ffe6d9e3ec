import { nowOf } from '../../clock.ts';
import { ANCHORED_HEADS_MAX, type Anchor, type AnchoredHead, type AnchorLink } from '../../domain/anchor.ts';
import type { Discrepancy } from '../../domain/discrepancy.ts';
import type { IntakeTotal } from '../../domain/intake-tally.ts';
import type { LaneKey } from '../../domain/page.ts';
import type { FoundAnchor } from '../../storage/anchors.ts';
import { checkHeads, unreadable } from './check-anchor.ts';
import type { AnchorPorts } from './ports.ts';

/** Index records written side by side after an anchor is put. */
const RECORDS_AT_ONCE = 16;

/** Anchors kept in hand: lanes that moved now were mostly anchored together before. */
const ANCHORS_IN_HAND = 4;

/**
 * Collects what a run has verified and puts it into anchors as it goes, so that its memory stays flat. A lane is held against
 * its last anchor first: a history that was rewritten coherently is found, and not anchored again.
 */
export class AnchorRecorder {
  readonly #ports: AnchorPorts;
  readonly #runId: string;
  readonly #inHand = new Map<string, FoundAnchor>();
  #heads: AnchoredHead[] = [];
  #previous: AnchorLink | null | undefined;
  #part = 0;

  constructor(ports: AnchorPorts, runId: string) {
    this.#ports = ports;
    this.#runId = runId;
  }

  /**
   * Takes a lane whose pages the run has verified up to this head without a finding. Returns the contradiction to its last
   * anchor, if there is one; then, or when it has not moved since, it is not anchored.
   */
  async offer(head: AnchoredHead): Promise<Discrepancy | undefined> {
    const anchorKey = await this.#ports.anchoredLanes.find(head);
    if (anchorKey !== undefined) {
      const { fault, hasMoved } = await this.#sinceLastAnchor(head, anchorKey);
      if (fault !== undefined || !hasMoved) return fault;
    }
    this.#heads.push(head);
    if (this.#heads.length >= ANCHORED_HEADS_MAX) await this.flush();
    return undefined;
  }

  /** Puts what was taken since the last time, at the end of every step and of the run. Puts nothing when there is nothing. */
  async flush(intake: readonly IntakeTotal[] = []): Promise<void> {
    const heads = this.#heads;
    if (heads.length + intake.length === 0) return;
    const { clock, anchoredLanes } = this.#ports;
    this.#previous ??= await this.#last();
    const key = await this.#put({ kind: 'run', at: nowOf(clock), previous: this.#previous, heads, seals: [], intake });
    this.#heads = [];
    for (let start = 0; start < heads.length; start += RECORDS_AT_ONCE) {
      await Promise.all(heads.slice(start, start + RECORDS_AT_ONCE).map((head) => anchoredLanes.record(head, key)));
    }
  }

  /** Under the next key that is free: a step that died after its put and is done again must not lose its second anchor. */
  async #put(anchor: Anchor): Promise<string> {
    for (;;) {
      this.#part += 1;
      const link = await this.#ports.anchors.putRun(this.#runId, this.#part, anchor);
      if (link === undefined) continue;
      this.#previous = link;
      return link.key;
    }
  }

  async #last(): Promise<AnchorLink | null> {
    const key = await this.#ports.anchors.lastRunKey(nowOf(this.#ports.clock));
    if (key === undefined) return null;
    const found = await this.#anchor(key);
    return found.status === 'missing' ? null : found.link;
  }

  async #sinceLastAnchor(
    head: AnchoredHead,
    anchorKey: string,
  ): Promise<{ fault: Discrepancy | undefined; hasMoved: boolean }> {
    const found = await this.#anchor(anchorKey);
    if (found.status !== 'found') return { fault: unreadable(anchorKey, found), hasMoved: true };
    const anchored = found.anchor.heads.find((one) => isSameLane(one, head));
    if (anchored === undefined) {
      const { tenant, period, lane } = head;
      const message = `The index of anchors was altered: it names ${anchorKey}, which does not list this lane.`;
      return { fault: { type: 'anchor_index_mismatch', tenant, place: { period, lane }, message }, hasMoved: true };
    }
    const [fault] = await checkHeads(anchorKey, [anchored], this.#ports);
    return { fault, hasMoved: head.seq > anchored.seq };
  }

  async #anchor(key: string): Promise<FoundAnchor> {
    const known = this.#inHand.get(key);
    if (known !== undefined) return known;
    const found = await this.#ports.anchors.get(key);
    const [oldest] = this.#inHand.keys();
    if (this.#inHand.size >= ANCHORS_IN_HAND && oldest !== undefined) this.#inHand.delete(oldest);
    this.#inHand.set(key, found);
    return found;
  }
}

function isSameLane(left: LaneKey, right: LaneKey): boolean {
  return left.tenant === right.tenant && left.period === right.period && left.lane === right.lane;
}
