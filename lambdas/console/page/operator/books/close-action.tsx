import { useId, useRef, useState } from 'preact/hooks';
import { useAction } from '../../api/use-action.ts';
import { Button } from '../../parts/button.tsx';
import { CallView } from '../../parts/call-view.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { closedLast } from './closed-last.ts';

interface Props {
  readonly tenant: string;
  readonly period: string;
}

/** Closes a month, once somebody has typed which one: there is no way back. */
export function CloseAction({ tenant, period }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const [typed, setTyped] = useState('');
  const { call, isBusy, run } = useAction();
  const close = async (): Promise<void> => {
    const { status } = await run({ method: 'POST', path: '/periods/close', body: { tenant, period } });
    if (status === 200 || status === 409) closedLast.value = { tenant, period };
  };
  const ask = (): void => {
    setTyped('');
    dialog.current?.showModal();
  };
  const confirm = (event: Event): void => {
    event.preventDefault();
    if (typed.trim() !== period) return;
    dialog.current?.close();
    void close();
  };
  const isClosed = call?.status === 200 || call?.status === 409;
  return (
    <>
      <div class="row">
        {isClosed ? (
          <Button isBusy={isBusy} onClick={close}>
            Close it again: see the 409
          </Button>
        ) : (
          <Button isPrimary isBusy={isBusy} onClick={ask}>
            Close {period} of {tenant} …
          </Button>
        )}
      </div>
      <dialog class="panel" ref={dialog} aria-labelledby={titleId}>
        <h2 id={titleId}>
          Close {period} of {tenant}?
        </h2>
        <p>It is sealed as it stands, and nothing opens it again.</p>
        <form class="stack" onSubmit={confirm}>
          <Field label={`Type ${period} to confirm`} value={typed} onInput={setTyped} />
          <div class="row">
            <Button submits isPrimary isDisabled={typed.trim() !== period}>
              Close it for ever
            </Button>
            <Button onClick={() => dialog.current?.close()}>Leave it open</Button>
          </div>
        </form>
      </dialog>
      {isBusy && (
        <label class="stack">
          Shutting the lanes, and sealing what they came to …
          <progress />
        </label>
      )}
      {!isBusy && call?.status === 200 && (
        <Notice tone="good">
          <strong>
            {period} of {tenant} is closed, for ever
          </strong>
        </Notice>
      )}
      {!isBusy && <ProblemView problem={call?.problem} />}
      {call && <CallView call={call} />}
    </>
  );
}
