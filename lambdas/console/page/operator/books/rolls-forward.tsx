import { useAction } from '../../api/use-action.ts';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { freshId } from '../../session/fresh-id.ts';
import { stored } from '../../session/stored.ts';
import { formatMoment, momentIn } from './months.ts';
import { ReceiptLine, tokenOf } from './receipt-line.tsx';
import { usePrices } from './use-prices.ts';

interface Props {
  readonly tenant: string;
  readonly period: string;
}

/** The late event that was sent from here last, with the month it happened in. */
const late = stored<(Props & { readonly eventId: string; readonly eventDate: string }) | null>('close.late', null);

/** What becomes of usage that comes after the close: seen with one event, where a token of the tenant is at hand. */
export function RollsForward({ tenant, period }: Props) {
  const { metric } = usePrices();
  const { call, isBusy, run } = useAction();
  const token = tokenOf(tenant);
  const eventDate = momentIn(period);
  const sent = late.value?.tenant === tenant && late.value.period === period ? late.value : null;
  const send = async (): Promise<void> => {
    if (token === undefined || eventDate === undefined) return;
    const key = freshId('late');
    const body = { tenant, metric, quantity: 1, idempotency_key: key, event_date: eventDate };
    const { status } = await run({ method: 'POST', path: '/events', body, token });
    if (status === 202) late.value = { tenant, period, eventId: `api:${key}`, eventDate };
  };
  return (
    <Panel title="What comes later rolls forward">
      <p>
        Usage of {period} that arrives from now on is accepted as ever. It books into the next open month, with its own
        date; {period} stays as it was sealed.
      </p>
      {token === undefined && (
        <p class="faint">To see it here, paste a token of {tenant} under Calls: usage is a tenant's to send.</p>
      )}
      {eventDate === undefined && (
        <p class="faint">
          {period} is still to come, and nobody may hand in what has not happened: usage of it rolls forward once it
          begins.
        </p>
      )}
      {token !== undefined && eventDate !== undefined && (
        <div>
          <Button isBusy={isBusy} onClick={send}>
            Send one event of {period}
          </Button>
        </div>
      )}
      <ProblemView problem={call?.problem} />
      {call && <CallView call={call} />}
      {sent && (
        <>
          <p>
            <code>{sent.eventId}</code> happened at {formatMoment(sent.eventDate)}, in {period}.
          </p>
          <ReceiptLine key={sent.eventId} tenant={tenant} eventId={sent.eventId} />
        </>
      )}
    </Panel>
  );
}
