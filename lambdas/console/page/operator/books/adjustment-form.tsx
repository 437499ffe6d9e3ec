import { useState } from 'preact/hooks';
import type { TrialBalance } from '../../../../../client/types/api.ts';
import { call } from '../../api/call.ts';
import { formatMinor } from '../../api/money.ts';
import { useAction } from '../../api/use-action.ts';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Field } from '../../parts/field.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { Segments } from '../../parts/segments.tsx';
import { useQuery } from '../../routing/use-query.ts';
import { freshId } from '../../session/fresh-id.ts';
import { useDraft } from '../../session/use-draft.ts';
import { exactAmount } from './exact-amount.ts';
import { sentAdjustment } from './sent-adjustment.ts';
import { TenantChoice } from './tenant-choice.tsx';
import { usePrices } from './use-prices.ts';

const CREDIT = 'credit';
const DIRECTIONS = [
  [CREDIT, 'Credit'],
  ['charge', 'Charge'],
] as const;

/** What is credited or charged, to whom and why; its key stays until one begins another. */
export function AdjustmentForm() {
  const [tenant, setTenant] = useQuery('tenant');
  const [direction, setDirection] = useDraft('adjustment.direction', CREDIT);
  const [written, setWritten] = useDraft('adjustment.amount');
  const [reason, setReason] = useDraft('adjustment.reason');
  const [key, setKey] = useDraft('adjustment.key', freshId('adj'));
  const [isAsked, setAsked] = useState(false);
  const { currency } = usePrices();
  const action = useAction();
  const amount = exactAmount(written, currency);
  const signed = amount.minor === undefined ? undefined : direction === CREDIT ? -amount.minor : amount.minor;
  const isConflict = action.call?.status === 409;

  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    setAsked(true);
    if (signed === undefined || tenant === '') return;
    // The amount is written into the JSON as the integer it is.
    const fields = JSON.stringify({ tenant, idempotency_key: key, reason });
    const body = `${fields.slice(0, -1)},"amount_minor":${signed}}`;
    const known = sentAdjustment.peek();
    const isAgain = known?.body === body;
    const read = isAgain ? undefined : await call({ method: 'GET', path: '/trial-balance', query: { tenant } });
    const before = read?.problem === undefined ? ((read?.json as TrialBalance | undefined) ?? null) : null;
    const { status } = await action.run({ method: 'POST', path: '/adjustments', body });
    if (status !== 202) return;
    sentAdjustment.value = isAgain
      ? { ...known, times: known.times + 1 }
      : { tenant, key, body, amountMinor: String(signed), times: 1, before };
  };

  const begin = (): void => {
    setKey(freshId('adj'));
    setWritten('');
    setReason('');
    setAsked(false);
    action.forget();
  };

  return (
    <form class="stack" onSubmit={send} noValidate>
      <TenantChoice value={tenant} onChange={setTenant} empty="Choose a tenant" />
      {isAsked && tenant === '' && <p role="alert">Choose whom it is for.</p>}
      <div class="row">
        <Segments legend="Credit or charge" value={direction} options={DIRECTIONS} onChange={setDirection} />
        <Field
          label={`Amount${currency && ` in ${currency}`}`}
          value={written}
          onInput={setWritten}
          fault={isAsked || written !== '' ? amount.fault : undefined}
        />
      </div>
      <p class="faint" aria-live="polite">
        {signed === undefined
          ? 'A credit lowers what the tenant owes; a charge raises it.'
          : `${tenant || 'The tenant'} will owe ${formatMinor(signed < 0n ? -signed : signed, currency)} ${
              signed < 0n ? 'less' : 'more'
            }: amount_minor ${signed}.`}
      </p>
      <Field
        label="Reason"
        name="reason"
        value={reason}
        onInput={setReason}
        problem={action.call?.problem}
        hint="For whoever asks later; it is kept in the audit log."
      />
      <Field
        label="Idempotency key"
        name="idempotency_key"
        value={key}
        onInput={setKey}
        problem={action.call?.problem}
        hint="Kept until you begin another: sending this again charges nothing twice."
      />
      <div class="row">
        <Button submits isPrimary isBusy={action.isBusy}>
          Send
        </Button>
        <Button onClick={begin}>Begin another, under a new key</Button>
      </div>
      <ProblemView problem={action.call?.problem} />
      {isConflict && <p>Nothing moved: the first adjustment under this key stands as it was accepted.</p>}
      {action.call && <CallView call={action.call} />}
    </form>
  );
}
