import { type Anchor, type AnchorLink, anchorHash, anchorText } from '../../lambdas/domain/anchor.ts';
import type { Instant } from '../../lambdas/domain/instant.ts';
import type { AnchorPorts } from '../../lambdas/reconcile/anchors/ports.ts';
import { anchorOf, DamagedAnchorError } from '../../lambdas/storage/anchor-document.ts';
import { runAnchorKey } from '../../lambdas/storage/anchor-keys.ts';
import type { FoundAnchor } from '../../lambdas/storage/anchors.ts';

/** As few keys to a list as make every walk go on. */
const KEYS_PER_LIST = 2;

/** The write-once bucket in memory; a test may do to it what nobody can. */
export class FakeBucket {
  readonly texts = new Map<string, string>();

  async putRun(runId: string, part: number, anchor: Anchor): Promise<AnchorLink | undefined> {
    const key = runAnchorKey(anchor.at, runId, part);
    if (this.texts.has(key)) return undefined;
    const text = anchorText(anchor);
    this.texts.set(key, text);
    return { key, hash: anchorHash(text) };
  }

  async get(key: string): Promise<FoundAnchor> {
    const text = this.texts.get(key);
    if (text === undefined) return { status: 'missing' };
    const link = { key, hash: anchorHash(text) };
    try {
      return { status: 'found', anchor: anchorOf(text), link };
    } catch (error) {
      if (error instanceof DamagedAnchorError) return { status: 'damaged', detail: error.message, link };
      throw error;
    }
  }

  async keysAfter(key: string | undefined): Promise<string[]> {
    const after = this.keys().filter((one) => key === undefined || one > key);
    return after.slice(0, KEYS_PER_LIST);
  }

  async lastRunKey(_now: Instant): Promise<string | undefined> {
    return this.keys().findLast((key) => key.startsWith('runs/'));
  }

  keys(): string[] {
    return [...this.texts.keys()].sort();
  }

  anchors(): Anchor[] {
    return this.keys().map((key) => anchorOf(this.texts.get(key) ?? ''));
  }
}

/** The index of lanes to anchors, in memory. */
export class FakeAnchoredLanes {
  readonly keys = new Map<string, string>();

  readonly port: AnchorPorts['anchoredLanes'] = {
    find: async ({ tenant, period, lane }) => this.keys.get(`${tenant} ${period} ${lane}`),
    record: async ({ tenant, period, lane }, anchorKey) => {
      this.keys.set(`${tenant} ${period} ${lane}`, anchorKey);
    },
  };
}
