import type { DeadLetter } from '../../../../../client/types/api.ts';
import { Button } from '../../parts/button.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { formatMoment } from './months.ts';
import { type EventName, nameOf } from './use-redrive.ts';

const STATUSES: Readonly<Record<DeadLetter['status'], string>> = {
  refused: 'refused',
  undelivered: 'undelivered, will be tried again',
  given_up: 'given up after many tries',
  unreadable: 'unreadable message',
};

interface Props {
  readonly letters: readonly DeadLetter[];
  /** The names of those that are ticked. */
  readonly chosen: ReadonlySet<string>;
  readonly outcomeOf: (event: EventName) => string | undefined;
  readonly isBusy: boolean;
  readonly onToggle: (event: EventName) => void;
  readonly onRedrive: (event: EventName) => void;
  readonly none: string;
}

/** The event of a dead letter; undefined for a message from which none could be read, which nobody can redrive. */
export function eventOf({ tenant, event_id: eventId }: DeadLetter): EventName | undefined {
  return tenant === null || eventId === null ? undefined : { tenant, eventId };
}

/** Dead letters with their reasons; each ticked, or redriven by itself. */
export function DeadLetterTable({ letters, chosen, outcomeOf, isBusy, onToggle, onRedrive, none }: Props) {
  const columns: Column<DeadLetter>[] = [
    {
      title: 'Event',
      cell: (letter) => {
        const event = eventOf(letter);
        if (event === undefined) return <span class="faint">message {nameIn(letter)}</span>;
        return (
          <label class="letter">
            <input type="checkbox" checked={chosen.has(nameOf(event))} onChange={() => onToggle(event)} />
            <span>
              <code>{event.eventId}</code>
              <small class="faint">{event.tenant}</small>
            </span>
          </label>
        );
      },
    },
    {
      title: 'Why',
      cell: ({ reason, status }) => (
        <span class="letter-reason">
          {reason}
          <small class="faint">{STATUSES[status] ?? status}</small>
        </span>
      ),
    },
    { title: 'Tries', isNumber: true, cell: ({ attempts }) => attempts },
    { title: 'First', cell: ({ first_failed_at: at }) => formatMoment(at) },
    { title: 'Last', cell: ({ last_failed_at: at }) => formatMoment(at) },
    {
      title: 'Another try',
      cell: (letter) => {
        const event = eventOf(letter);
        if (event === undefined) return <span class="faint">There is nothing to redrive.</span>;
        return (
          <>
            <Button isBusy={isBusy} onClick={() => onRedrive(event)}>
              Redrive<span class="visually-hidden"> {event.eventId}</span>
            </Button>
            <small class="letter-outcome">{outcomeOf(event)}</small>
          </>
        );
      },
    },
  ];
  return (
    <Table
      caption="Dead letters"
      columns={columns}
      rows={letters}
      keyOf={(letter, index) => `${nameIn(letter)} ${index}`}
      none={none}
    />
  );
}

function nameIn(letter: DeadLetter): string {
  return letter.status === 'unreadable'
    ? letter.message_id
    : nameOf({ tenant: letter.tenant, eventId: letter.event_id });
}
