import type { Balance as BalanceAnswer } from '../../../../client/types/api.ts';
import type { Read } from '../api/use-read.ts';
import { Money } from '../parts/money.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemView } from '../parts/problem-view.tsx';

/** What the tenant owes, all time. */
export function Balance({ balance: { answer, call } }: { readonly balance: Read<BalanceAnswer> }) {
  return (
    <Panel title="Balance" aside={answer && <span class="chip good">live</span>} call={call}>
      {answer && (
        <div class="stack balance">
          <p class="figure">
            <Money minor={answer.balance_minor} currency={answer.currency} />
          </p>
          <p class="faint">{meaningOf(BigInt(answer.balance_minor))}</p>
        </div>
      )}
      <ProblemView problem={call?.problem} />
    </Panel>
  );
}

function meaningOf(balanceMinor: bigint): string {
  if (balanceMinor === 0n) return 'Nothing owed: all charges and credits ever posted add up to zero.';
  return balanceMinor > 0n
    ? 'Owed by this tenant: all charges and credits ever posted.'
    : 'In this tenant’s favour: more was credited than charged.';
}
