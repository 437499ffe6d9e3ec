import { useState } from 'preact/hooks';
import type { FullProof, Receipt } from '../../../../../client/types/api.ts';
import { useRead } from '../../api/use-read.ts';
import { CallView } from '../../parts/call-view.tsx';
import { Foreign } from '../../parts/foreign.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { channelOf } from './channel.ts';
import { EntryStep } from './entry-step.tsx';
import { PostingsStep } from './postings-step.tsx';
import { ProofStep } from './proof-step.tsx';

/** An accepted event is posted within a second or so. */
const SETTLING_MS = 1_000;

interface Props {
  readonly eventId: string;
  readonly currency: string;
}

/** What became of an event, from what was handed in to its proof. */
export function ReceiptView({ eventId, currency }: Props) {
  const [isSettling, setSettling] = useState(false);
  const { answer, call, isLoading } = useRead<Receipt>(
    { method: 'GET', path: `/events/${encodeURIComponent(eventId)}`, query: { proof: 'full' } },
    isSettling ? { everyMs: SETTLING_MS } : {},
  );
  if ((answer?.status === 'accepted') !== isSettling && answer !== undefined) setSettling(!isSettling);
  return (
    <>
      {answer === undefined && isLoading && <p class="faint">Loading …</p>}
      {answer && (
        <ol class="chain">
          <li>
            <h3>The event</h3>
            <p class="faint">What was handed in, under an id that can be charged once.</p>
            <dl class="facts">
              <dt>Id</dt>
              <dd>
                <code>
                  <Foreign text={answer.event_id} />
                </code>
              </dd>
              <dt>By</dt>
              <dd>{channelOf(answer.event_id)}</dd>
              <dt>Accepted (UTC)</dt>
              <dd>
                <Moment at={answer.received_at} />
              </dd>
            </dl>
          </li>
          <Outcome receipt={answer} currency={currency} />
        </ol>
      )}
      <ProblemView problem={call?.problem} />
      {call && <CallView call={call} />}
    </>
  );
}

function Outcome({ receipt, currency }: { readonly receipt: Receipt; readonly currency: string }) {
  if (receipt.status === 'accepted') {
    return (
      <li>
        <h3>Not settled yet</h3>
        <Notice>
          <p>It is safe, and will be posted or refused with a reason. This looks again every second.</p>
          {receipt.reason && <p>So far: {receipt.reason}</p>}
        </Notice>
      </li>
    );
  }
  if (receipt.status === 'refused') {
    return (
      <li>
        <h3>Refused</h3>
        <Notice tone="warn">
          <p>It can never be charged: {receipt.reason}</p>
        </Notice>
      </li>
    );
  }
  // Asked for with proof=full, a posted event's proof is a full one.
  const proof = receipt.proof as FullProof;
  return (
    <>
      <EntryStep entry={proof.entry} receipt={receipt} currency={currency} />
      <PostingsStep postings={proof.entry.postings} currency={currency} />
      <ProofStep proof={proof} receipt={receipt} />
    </>
  );
}
