import { describe, expect, it } from 'vitest';
import { type TrialBalancePorts, trialBalance } from '../../lambdas/admin/trial-balance.ts';
import { zeroTotals } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { nextPage } from '../../lambdas/domain/page.ts';
import { alpha, beta, entry, laneKey, NOW, NOW_MS, period } from '../support/events.ts';
import { FakeLedger } from '../support/fake-ledger.ts';
import { hashesFor } from '../support/hashes.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

async function world(changes: Partial<TrialBalancePorts> = {}): Promise<TrialBalancePorts> {
  const ledger = new FakeLedger();
  const head = await ledger.head(laneKey());
  const page = nextPage(head, [entry('a', 2n ** 80n), entry('b', 3n)], NOW);
  await ledger.commit(head, page, hashesFor(page));
  return {
    balances: ledger,
    scan: { sum: async () => ledger.standing(alpha) },
    config: { tenant: async () => undefined },
    clock: new VirtualClock(NOW_MS),
    ...changes,
  };
}

const charged = (2n ** 80n + 3n).toString();

describe('a trial balance', () => {
  it('names accounts, scope and count, exact beyond what a JavaScript number holds', async () => {
    const all = {
      ...{ tenant: null, period: null, sum_minor: '0', entry_count: 2 },
      totals_minor: { receivable: charged, revenue: `-${charged}`, adjustments: '0' },
    };
    expect(await trialBalance({}, await world())).toEqual(all);
    const march = period('2026-03');
    expect(await trialBalance({ tenant: alpha, period: march }, await world())).toEqual({
      ...{ ...all, tenant: alpha, period: march },
    });
  });

  it('hides no money of a tenant that is not configured, and no misspelt tenant behind a zero', async () => {
    expect(await trialBalance({ tenant: alpha }, await world())).toMatchObject({ entry_count: 2 });
    const idle = { tenant: alpha, period: period('2026-01') };
    expect(await trialBalance(idle, await world())).toMatchObject({ entry_count: 0, sum_minor: '0' });
    await expect(trialBalance({ tenant: beta }, await world())).rejects.toMatchObject({ status: 400 });
    const known = await world({ config: { tenant: async () => ({}) } });
    expect(await trialBalance({ tenant: beta }, known)).toMatchObject({ entry_count: 0 });
  });

  it('shows totals that do not net to zero as what they are', async () => {
    const forged = { totals: { ...zeroTotals, revenue: amountMinor(-7n) }, entryCount: 1 };
    const ports = await world({ scan: { sum: async () => forged } });
    expect(await trialBalance({}, ports)).toMatchObject({ sum_minor: '-7' });
  });

  it('is a 503 when it can’t be added up in time', async () => {
    const clock = new VirtualClock(NOW_MS);
    const sum: TrialBalancePorts['scan']['sum'] = async (_, isLate) => {
      while (!isLate()) clock.advance(1_000);
      return undefined;
    };
    await expect(trialBalance({}, await world({ scan: { sum }, clock }))).rejects.toMatchObject({ status: 503 });
  });
});
