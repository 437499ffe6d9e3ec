import { type Item, text } from '../model/books.ts';
import { altering, type CorruptionKind, type Expected, removing } from './kind.ts';

const DAY_MS = 86_400_000;

const ofEvent =
  (types: readonly string[]) =>
  (item: Item): Expected => {
    return { types, place: { tenant_id: text(item, 'tenant'), event_id: text(item, 'event_id') } };
  };

const any = () => true;

export const ofTheIntake: readonly CorruptionKind[] = [
  removing('usage taken from the intake', 'UsageIntake', any, ofEvent(['missing_intake'])),
  removing('an adjustment taken from the intake', 'AdjustmentIntake', any, ofEvent(['missing_intake'])),
  altering(
    'a quantity taken in altered',
    'UsageIntake',
    any,
    ({ quantity }) => ({ quantity: (quantity as bigint) + 1n }),
    ofEvent(['altered_intake', 'payload_mismatch', 'amount_mismatch', 'damaged_item']),
  ),
  altering(
    'an amount taken in altered',
    'AdjustmentIntake',
    any,
    ({ amount_minor: amount }) => ({ amount_minor: (amount as bigint) + 10_000n }),
    ofEvent(['altered_intake', 'payload_mismatch', 'amount_mismatch', 'altered_entry']),
  ),
  altering(
    'a record dated back',
    'UsageIntake',
    any,
    ({ received_at: at }) => ({ received_at: new Date(Date.parse(String(at)) - DAY_MS).toISOString() }),
    ofEvent(['damaged_item', 'altered_entry', 'period_mismatch', 'altered_intake']),
  ),
  altering(
    'a record hidden from the sweep',
    'UsageIntake',
    any,
    () => ({ time_pk: 'elsewhere' }),
    ofEvent(['damaged_item']),
  ),
  altering(
    'a record pinned to another price',
    'UsageIntake',
    any,
    ({ price_version: version }) => ({ price_version: (version as bigint) + 7n }),
    ofEvent(['unknown_price', 'price_version_mismatch', 'altered_entry', 'damaged_item']),
  ),
];
