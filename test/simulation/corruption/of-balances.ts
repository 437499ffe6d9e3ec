import { type Item, text } from '../model/books.ts';
import { altering, type CorruptionKind, isUsedHead, otherTotals, placeOfHead, removing, someItem } from './kind.ts';

const isOpen = (item: Item) => isUsedHead(item) && item['closed_at'] === undefined;
const isShut = (item: Item) => text(item, 'pk').startsWith('H#') && item['closed_at'] !== undefined;
const isSeal = (item: Item) => item['status'] === 'closed';
const isCarry = (item: Item) => item['sk'] === '~carried';

const headMismatch = (item: Item) => ({ types: ['head_mismatch'], place: placeOfHead(item) });
const ofMonth = (types: readonly string[]) => (item: Item) => ({
  types,
  place: { tenant_id: text(item, 'pk').slice(2), period: item['sk'] },
});

export const ofBalances: readonly CorruptionKind[] = [
  altering('a balance altered', 'Balances', isUsedHead, otherTotals, headMismatch),
  altering('the count of a head altered', 'Balances', isUsedHead, () => ({ entry_count: 1_000n }), headMismatch),
  altering('the chain of a head altered', 'Balances', isUsedHead, () => ({ chain: '0'.repeat(64) }), headMismatch),
  altering(
    'a head set ahead',
    'Balances',
    isUsedHead,
    ({ next_seq: seq }) => ({ next_seq: (seq as bigint) + 2n }),
    (item) => ({ types: ['gap'], place: placeOfHead(item) }),
  ),
  altering(
    'a head turned back',
    'Balances',
    (item) => isUsedHead(item) && (item['next_seq'] as bigint) > 2n,
    ({ next_seq: seq }) => ({ next_seq: (seq as bigint) - 1n }),
    (item) => ({ types: ['page_beyond_head', 'head_mismatch', 'rolled_back_head'], place: placeOfHead(item) }),
  ),
  removing('a head removed', 'Balances', isUsedHead, (item) => ({
    types: ['page_without_head', 'rolled_back_head'],
    place: placeOfHead(item),
  })),
  altering(
    'a gate shut by nobody',
    'Balances',
    isOpen,
    () => ({ closed_at: '2020-01-01T00:00:00.000Z' }),
    (item) => ({ types: ['gate_without_closure'], place: { ...placeOfHead(item) } }),
  ),
  {
    name: 'a gate of a closed month opened',
    commit: async (scene) => {
      const head = someItem(scene, 'Balances', isShut);
      if (head === undefined) return undefined;
      const { closed_at: _, ...open } = head;
      await scene.intruder.put('Balances', open);
      const { lane: __, ...month } = placeOfHead(head);
      return { types: ['reopened_gate', 'seal_mismatch'], place: month };
    },
  },
  altering('a seal altered', 'Balances', isSeal, otherTotals, ofMonth(['seal_mismatch', 'broken_seal_chain'])),
  removing(
    'a seal removed',
    'Balances',
    isSeal,
    ofMonth(['missing_seal', 'gate_without_closure', 'anchored_seal_missing']),
  ),
  altering('what is carried altered', 'Balances', isCarry, otherTotals, (item) => ({
    types: ['carry_mismatch'],
    place: { tenant_id: text(item, 'pk').slice(2) },
  })),
];
