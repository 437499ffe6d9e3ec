import { useEffect, useId, useRef } from 'preact/hooks';
import { useQuery } from '../../routing/use-query.ts';
import { ReceiptView } from './receipt-view.tsx';

/** The receipt of the event that the address names, above the page; Escape closes it, and the focus is where it was. */
export function ReceiptDialog({ currency = '' }: { readonly currency: string | undefined }) {
  const [eventId, setEventId] = useQuery('event');
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (shown === null) return;
    if (eventId === '') shown.close();
    else if (!shown.open) shown.showModal();
  }, [eventId]);
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} class="receipt" aria-labelledby={titleId} onClose={() => setEventId('')} closedby="any">
      <div class="receipt-sheet">
        <header class="spread">
          <h2 id={titleId}>Receipt</h2>
          <button type="button" class="button" onClick={close}>
            Close
          </button>
        </header>
        {eventId !== '' && <ReceiptView key={eventId} eventId={eventId} currency={currency} />}
      </div>
    </dialog>
  );
}
