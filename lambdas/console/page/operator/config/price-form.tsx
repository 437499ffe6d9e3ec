import { useState } from 'preact/hooks';
import type { PriceVersion } from '../../../../../client/types/api.ts';
import { useAction } from '../../api/use-action.ts';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { useDraft } from '../../session/use-draft.ts';
import { readPrices, writePrices } from './price-versions.ts';

interface Props {
  /** The newest version; undefined while there is none. */
  readonly before: PriceVersion | undefined;
  /** Says which prices one has seen: of two who change them at once, the second is told. */
  readonly etag: string | undefined;
  /** Somebody else has changed them since. */
  readonly onConflict: () => void;
}

const PRECONDITION_FAILED = 412;

/** A new version of the prices; those before stay as they are, and so does what was accepted under them. */
export function PriceForm({ before, etag, onConflict }: Props) {
  const [text, setText] = useDraft(`prices.${etag ?? 'first'}`, writePrices(before?.unit_prices ?? { api_call: '1' }));
  const [currency, setCurrency] = useDraft('prices.currency', before?.currency ?? 'USD');
  const [from, setFrom] = useDraft('prices.from');
  const [wrongLine, setWrongLine] = useState<string>();
  const { call, isBusy, run } = useAction();
  const problem = call?.problem;
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const read = readPrices(text);
    setWrongLine('wrongLine' in read ? read.wrongLine : undefined);
    if ('wrongLine' in read) return;
    const unitPrices = Object.fromEntries(read.prices);
    const body = { currency, unit_prices: unitPrices, ...(from !== '' && { effective_at: from }) };
    const headers: Record<string, string> = etag === undefined ? { 'if-none-match': '*' } : { 'if-match': etag };
    const { status } = await run({ method: 'PUT', path: '/prices', body, headers });
    if (status === PRECONDITION_FAILED) onConflict();
  };
  return (
    <form class="stack" onSubmit={save}>
      <TextArea
        label="Prices: a metric and its price in minor units a line"
        value={text}
        onInput={setText}
        error={
          wrongLine === undefined
            ? undefined
            : `This line is no price, or a second one for its metric: ${wrongLine}. Write it like api_call = 1.`
        }
      />
      <div class="row">
        <Field label="Currency" name="currency" value={currency} onInput={setCurrency} problem={problem} />
        <Field
          label="In force from"
          name="effective_at"
          value={from}
          onInput={setFrom}
          problem={problem}
          hint="Such as 2027-01-01T00:00:00Z; empty for now"
        />
        <Button submits isPrimary isBusy={isBusy}>
          Add this version
        </Button>
      </div>
      {from === '' && (
        <Notice>
          From now on takes up to 30 seconds to be known everywhere. A moment further ahead is exact: every event from
          then on is rated by the new version.
        </Notice>
      )}
      <ProblemView problem={problem} />
      {call && <CallView call={call} />}
    </form>
  );
}
