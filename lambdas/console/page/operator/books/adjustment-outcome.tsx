import type { TrialBalance } from '../../../../../client/types/api.ts';
import { useAction } from '../../api/use-action.ts';
import { useRead } from '../../api/use-read.ts';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Money } from '../../parts/money.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { Table } from '../../parts/table.tsx';
import { ReceiptLine } from './receipt-line.tsx';
import { type SentAdjustment, sentAdjustment } from './sent-adjustment.ts';
import { usePrices } from './use-prices.ts';
import { useWatching } from './use-watching.ts';

const ACCOUNTS = ['receivable', 'revenue', 'adjustments'] as const;

/** It is posted within a second or so: often enough to see it happen. */
const REFRESH_MS = 1_500;

/** What an accepted adjustment has moved, account by account, however often it was sent. */
export function AdjustmentOutcome({ sent }: { readonly sent: SentAdjustment }) {
  const { tenant, amountMinor, before, times, key, body } = sent;
  const { currency } = usePrices();
  const action = useAction();
  const isWatching = useWatching(times);
  const { answer, call, reload } = useRead<TrialBalance>(
    { method: 'GET', path: '/trial-balance', query: { tenant } },
    isWatching ? { everyMs: REFRESH_MS } : {},
  );
  const again = async (): Promise<void> => {
    const { status } = await action.run({ method: 'POST', path: '/adjustments', body });
    if (status === 202) sentAdjustment.value = { ...sent, times: times + 1 };
  };
  const rows = ACCOUNTS.map((account) => ({
    account,
    now: answer && BigInt(answer.totals_minor[account]),
    was: before === null ? undefined : BigInt(before.totals_minor[account]),
  }));
  const difference = ({ now, was }: (typeof rows)[number]) =>
    now === undefined || was === undefined ? undefined : now - was;
  const booked = rows.find(({ account }) => account === 'adjustments');
  // What is credited to the account of adjustments is what is owed in addition.
  const moved = booked && difference(booked);
  const money = (minor: bigint | undefined) =>
    minor === undefined ? '?' : <Money minor={minor} currency={currency} />;
  return (
    <Panel
      title="What it moved"
      aside={isWatching ? <span class="faint">live</span> : <Button onClick={reload}>Look again</Button>}
      call={call}
    >
      <p>
        <code>adj:{key}</code> for {tenant}: accepted {times === 1 ? 'once' : `${times} times`}.
      </p>
      <ReceiptLine tenant={tenant} eventId={`adj:${key}`} />
      {answer && (
        <Table
          caption={`The books of ${tenant} before the adjustment and now`}
          columns={[
            { title: 'Account', cell: ({ account }) => account },
            { title: 'Before', isNumber: true, cell: ({ was }) => money(was) },
            { title: 'Now', isNumber: true, cell: ({ now }) => money(now) },
            {
              title: 'Moved',
              isNumber: true,
              cell: (row) => money(difference(row)),
            },
          ]}
          rows={rows}
          keyOf={({ account }) => account}
          none="No account."
        />
      )}
      {moved !== undefined && <Verdict moved={-moved} amount={BigInt(amountMinor)} times={times} />}
      <ProblemView problem={call?.problem} />
      <div>
        <Button isBusy={action.isBusy} onClick={again}>
          Send the same again
        </Button>
      </div>
      <p class="faint">To see a conflict, change the amount in the form and send it under the same key.</p>
      <ProblemView problem={action.call?.problem} />
      {action.call && <CallView call={action.call} />}
    </Panel>
  );
}

interface VerdictProps {
  /** By which adjustments have changed what is owed since it was first sent. */
  readonly moved: bigint;
  readonly amount: bigint;
  readonly times: number;
}

function Verdict({ moved, amount, times }: VerdictProps) {
  if (moved === amount) {
    return (
      <Notice tone="good">
        <strong>{times === 1 ? 'Posted' : `Sent ${times} times, posted once`}</strong>
      </Notice>
    );
  }
  return (
    <Notice>
      {moved === 0n
        ? 'Nothing has moved yet: it is on its way, or it was charged before this page first sent it.'
        : 'Other adjustments of this tenant were posted meanwhile as well.'}
    </Notice>
  );
}
