import { QUANTITY_MAX } from '../../../lambdas/domain/money.ts';
import { lane, laneKey, period, tenantId } from '../../support/events.ts';
import { rewriteTail } from '../../support/rewrite-tail.ts';
import type { Entry, Item } from '../model/books.ts';
import { type CorruptionKind, isUsedHead, placeOfHead, type Scene, someItem } from './kind.ts';

const ADJUSTMENTS = 16;

/** What leaves no seam: only what was anchored before tells. */
export const coherent: readonly CorruptionKind[] = [
  {
    name: 'the charges of a lane doubled, and everything made to match',
    commit: async (scene) => {
      const fits = (item: Item) => isUsedHead(item) && laneOf(item) !== ADJUSTMENTS && canDouble(item, scene);
      const head = someItem(scene, 'Balances', fits);
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

/** Whether twice each quantity of the lane is still one that an event may have. */
function canDouble(head: Item, { tables }: Scene): boolean {
  const { tenant_id: tenant, period: month } = placeOfHead(head);
  const pk = `J#${tenant}#${month}#${String(head['sk']).split('#')[1]}`;
  const entries = tables('Ledger').flatMap((item) => (item['pk'] === pk ? (item['entries'] as Entry[]) : []));
  return entries.every(({ quantity }) => quantity === null || quantity * 2n <= QUANTITY_MAX);
}

function laneOf(head: Item): number {
  return Number(placeOfHead(head)['lane']);
}
