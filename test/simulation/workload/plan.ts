import type { Random } from '../random.ts';
import {
  adjustmentOperation,
  closeOperation,
  conflictingAdjustment,
  reconcileOperation,
  redriveOperation,
} from './admin-operations.ts';
import type { Draft, Drawing } from './drawing.ts';
import type { Operation, Patience } from './operation.ts';
import { readOperation, receiptOperation, statementOperation } from './read-operations.ts';
import { type Setting, settingOf } from './setting.ts';
import {
  batchOperation,
  conflictingOperation,
  loneOperation,
  recordedDelivery,
  webhookOperation,
} from './usage-operations.ts';
import { wrongOperation } from './wrong-operations.ts';

/** All that the clients of a run will do. */
export interface Plan {
  readonly setting: Setting;
  readonly operations: readonly Operation[];
  /** From then on nothing new happens and nothing goes wrong. */
  readonly endsAfterMs: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Most of what happens, happens within so long. */
const BUSY_MS = 3 * MINUTE_MS;

/** Of a busy time, so many moments at which many things happen at once, mostly to one tenant. */
const RUSHES = 4;
const RUSH_MS = 500;

/** SQS forgets a deduplication id after five minutes, DynamoDB a transaction's token after ten. */
const LATE_MS = { min: 5 * MINUTE_MS, max: 12 * MINUTE_MS };

/** How often each kind is drawn, in proportion. */
const kinds: readonly (readonly [number, (drawing: Drawing) => Draft | undefined])[] = [
  [46, loneOperation],
  [12, webhookOperation],
  [1, recordedDelivery],
  [6, batchOperation],
  [9, again],
  [5, conflictingOperation],
  [4, adjustmentOperation],
  [1, conflictingAdjustment],
  [1.4, closeOperation],
  [1.5, redriveOperation],
  [0.4, reconcileOperation],
  [2, statementOperation],
  [3, receiptOperation],
  [2, readOperation],
  [5, wrongOperation],
];

const WEIGHT = kinds.reduce((sum, [weight]) => sum + weight, 0);

/** The same seed plans the same; each operation draws from a source of its own, so that leaving one out moves no other. */
export function planOf(random: Random, events: number): Plan {
  const setting = settingOf(random.fork('setting'));
  const hasLate = random.fork('late').chance(0.15);
  const rushes = random.fork('rushes');
  const moments = Array.from({ length: RUSHES }, () => {
    return { afterMs: rushes.integer(0, BUSY_MS), tenant: rushes.pick(setting.tenants) };
  });
  const operations: Operation[] = [];
  for (let [index, planned] = [0, 0]; planned < events; index += 1) {
    const own = random.fork(`operation ${index}`);
    const rush = own.chance(0.7) ? own.pick(moments) : undefined;
    const afterMs = rush ? rush.afterMs + own.integer(0, RUSH_MS) : own.integer(0, BUSY_MS);
    const here = rush && own.chance(0.7) ? only(rush.tenant, setting) : setting;
    const drawing = {
      index,
      random: own,
      setting: here,
      earlier: operations,
      hasLate,
      afterMs,
      allKeys: setting.webhookKeys,
    };
    const draft = drawn(drawing) ?? loneOperation(drawing);
    const operation = {
      index,
      afterMs: draft.afterMs ?? afterMs,
      events: draft.events ?? 1,
      patience: patienceOf(own),
      deed: draft.deed,
    };
    operations.push(operation);
    planned += operation.events;
  }
  const lastMs = Math.max(0, ...operations.map(({ afterMs }) => afterMs));
  return { setting, operations, endsAfterMs: lastMs + 20 * SECOND_MS };
}

/** The same place with one tenant. */
function only(tenant: string, setting: Setting): Setting {
  const webhookKeys = setting.webhookKeys.filter((key) => key.tenant === tenant);
  return { ...setting, tenants: [tenant], webhookKeys };
}

function drawn(drawing: Drawing): Draft | undefined {
  let left = drawing.random.next() * WEIGHT;
  for (const [weight, draw] of kinds) {
    left -= weight;
    if (left < 0) return draw(drawing);
  }
  return undefined;
}

/** What somebody sent before, as it was sent: at the same time, a little later, or when nobody remembers any more. */
function again({ random, earlier, hasLate }: Drawing): Draft | undefined {
  const sends = earlier.filter(({ deed }) => deed.kind === 'send');
  if (sends.length === 0) return undefined;
  const { deed, events, afterMs } = random.pick(sends);
  const delays = [random.integer(0, 50), random.integer(0, 5_000), random.integer(0, MINUTE_MS)];
  const delayMs = hasLate && random.chance(0.3) ? random.integer(LATE_MS.min, LATE_MS.max) : random.pick(delays);
  return { deed, events, afterMs: afterMs + delayMs };
}

/** Most do as an integrator is told; some never ask twice. */
function patienceOf(random: Random): Patience {
  return { attempts: random.chance(0.15) ? 1 : random.integer(4, 9), firstWaitMs: random.integer(50, SECOND_MS) };
}
