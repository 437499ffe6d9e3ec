import { Button } from '../parts/button.tsx';
import { Notice } from '../parts/notice.tsx';
import { BalanceMove } from './balance-move.tsx';
import { Chain } from './chain.tsx';
import { outcomeOf } from './outcome.ts';
import { lookAgain } from './take-step.ts';
import type { Attempt } from './timeline.ts';

/** What a step moved in the ledger: the balance before and after, and the entry that did it. */
export function Moved({ attempt }: { readonly attempt: Attempt }) {
  const { tone, title, detail } = outcomeOf(attempt);
  const currency = (attempt.after ?? attempt.before)?.currency ?? '';
  const isWaiting = attempt.stage === 'sending' || attempt.stage === 'posting';
  return (
    <section class="stack" aria-label="What moved in the ledger">
      <Notice tone={tone}>
        <strong>{title}</strong>
        {detail && <p>{detail}</p>}
        {isWaiting && <progress aria-label={title} />}
      </Notice>
      {attempt.stage === 'late' && (
        <div>
          <Button onClick={() => lookAgain(attempt)}>Look again</Button>
        </div>
      )}
      <BalanceMove attempt={attempt} />
      {attempt.receipt?.status === 'posted' && <Chain receipt={attempt.receipt} currency={currency} />}
    </section>
  );
}
