import { describe, expect, it } from 'vitest';
import { AuthorityWatch } from './checks/authority.ts';
import { checkViews } from './checks/final-views.ts';
import { Violations } from './checks/violation.ts';
import { play } from './play.ts';
import { Random } from './random.ts';
import { finished } from './settling.ts';
import { Auditor } from './workload/auditor.ts';

describe('the check of authority', () => {
  const judged = (caller: string, table: string, action: string, partition: string, command = `${action}Item`) => {
    const violations = new Violations();
    new AuthorityWatch(violations).see({ caller, table, command, action, partition });
    return violations.all.map(({ invariant }) => invariant);
  };

  it.each([
    ['ingest#1', 'UsageIntake', 'Put', 'alpha#00'],
    ['consumer#1', 'Ledger', 'Put', 'E#alpha#00', 'TransactWriteItems'],
    ['consumer#1', 'Ledger', 'Put', 'R#alpha#00'],
    ['admin#1', 'Balances', 'Update', 'H#alpha'],
    ['reconcile#1', 'Operations', 'Delete', 'SWEEP#ATTEMPTS#usage'],
  ])('lets %s do to %s what is its own', (caller, table, action, partition, command?: string) => {
    expect(judged(caller, table, action, partition, command)).toEqual([]);
  });

  it.each([
    ['ingest#1', 'Ledger', 'Put', 'E#alpha#00'],
    ['ingest#1', 'UsageIntake', 'Update', 'alpha#00'],
    ['ingest#1', 'AdjustmentIntake', 'Put', 'alpha#00'],
    ['consumer#1', 'Ledger', 'Put', 'J#alpha#2026-03#01'],
    ['consumer#1', 'Ledger', 'Delete', 'J#alpha#2026-03#01', 'TransactWriteItems'],
    ['read#1', 'Balances', 'Update', 'H#alpha'],
    ['admin#1', 'Operations', 'Put', 'AUDIT#RECONCILE#2026-03'],
    ['reconcile#1', 'Balances', 'Put', 'C#alpha'],
    ['guard#1', 'Operations', 'Delete', 'GUARD#FINDINGS'],
    ['nobody#1', 'Config', 'Put', 'PRICES'],
  ])('catches %s at %s', (caller, table, action, partition, command?: string) => {
    expect(judged(caller, table, action, partition, command)).toEqual(['I8']);
  });
});

describe('the check of what everybody is shown', () => {
  it('has nothing to say to the truth, and sees one charge too few everywhere it must show', async () => {
    const run = await play(new Random('21'), { seed: '21', events: 60 }, new Violations());
    const said = async (charges: typeof run.evidence.charges) => {
      const violations = new Violations();
      const views = checkViews({ ...run.evidence, charges }, new Auditor(run.system), new Random('views'), violations);
      await finished(run.system.scheduler, views);
      return violations.all.map(({ text }) => text);
    };
    const { charges } = run.evidence;
    expect(await said(charges)).toEqual([]);
    const missing = await said(new Map([...charges].filter(([name]) => name !== usageIn(charges))));
    for (const about of [/ owes /, / lines of /, / is metered in /, /^the trial balance says /]) {
      expect(missing).toContainEqual(expect.stringMatching(about));
    }
  });
});

function usageIn(charges: ReadonlyMap<string, { readonly payload: { readonly kind: string } }>): string | undefined {
  return [...charges].find(([, { payload }]) => payload.kind === 'usage')?.[0];
}
