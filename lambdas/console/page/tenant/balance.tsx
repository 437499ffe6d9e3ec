import { useRead } from '../api/use-read.ts';
import { Money } from '../parts/money.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemView } from '../parts/problem-view.tsx';

/** Often enough to be called live, and one cheap read of a few items each time. */
const REFRESH_MS = 2_000;

interface BalanceAnswer {
  readonly balance_minor: string;
  readonly currency: string;
}

/** What the tenant owes, all time. */
export function Balance() {
  const { answer, call } = useRead<BalanceAnswer>({ method: 'GET', path: '/balance' }, { everyMs: REFRESH_MS });
  return (
    <Panel title="Balance" aside={<span class="faint">live</span>} call={call}>
      {answer && (
        <p class="figure">
          <Money minor={answer.balance_minor} currency={answer.currency} />
        </p>
      )}
      <ProblemView problem={call?.problem} />
    </Panel>
  );
}
