import { lane, laneKey, period, tenantId } from '../../support/events.ts';
import { rewriteTail } from '../../support/rewrite-tail.ts';
import type { Item } from '../model/books.ts';
import { type CorruptionKind, isUsedHead, placeOfHead, someItem } from './kind.ts';

const ADJUSTMENTS = 16;

/** What leaves no seam: only what was anchored before tells. */
export const coherent: readonly CorruptionKind[] = [
  {
    name: 'the charges of a lane doubled, and everything made to match',
    commit: async (scene) => {
      const head = someItem(scene, 'Balances', (item) => isUsedHead(item) && laneOf(item) !== ADJUSTMENTS);
      if (head === undefined) return undefined;
      const { tenant_id: tenant, period: month } = placeOfHead(head);
      const key = laneKey({
        tenant: tenantId(String(tenant)),
        period: period(String(month)),
        lane: lane(laneOf(head)),
      });
      const lastSeq = Number(head['next_seq']) - 1;
      const { client } = scene.intruder;
      await rewriteTail(client, { table: (name) => name }, key, scene.random.integer(1, lastSeq));
      return { types: ['anchored_hash_missing'], place: placeOfHead(head) };
    },
  },
];

function laneOf(head: Item): number {
  return Number(placeOfHead(head)['lane']);
}
