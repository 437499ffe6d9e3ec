import { useState } from 'preact/hooks';
import type { Call } from '../../api/call.ts';
import { useAction } from '../../api/use-action.ts';

/** An event of a tenant, as a redrive names it. */
export interface EventName {
  readonly tenant: string;
  readonly eventId: string;
}

/** As many events as one request may name. */
const EVENTS_MAX = 100;

const OUTCOMES: Readonly<Record<string, string>> = {
  redriven: 'on its way again',
  already_posted: 'posted already: nothing charged',
  unknown: 'nothing was accepted under this id',
  damaged: 'its record is not what was accepted: reconcile first',
  not_sent: 'the queue did not take it: try again',
};

interface RedriveAnswer {
  readonly results: readonly { readonly event_id: string; readonly status: string }[];
}

/** Another try for events, and what became of the wish for each. */
export interface Redrive {
  readonly call: Call | undefined;
  readonly isBusy: boolean;
  readonly redrive: (events: readonly EventName[]) => Promise<void>;
  /** In words; undefined for an event that was not redriven from here. */
  readonly outcomeOf: (event: EventName) => string | undefined;
  readonly outcomes: ReadonlyMap<string, string>;
}

export function useRedrive(): Redrive {
  const { call, isBusy, run } = useAction();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, string>>(new Map());
  const redrive = async (events: readonly EventName[]): Promise<void> => {
    for (const [tenant, ids] of requestsOf(events)) {
      const made = await run({ method: 'POST', path: '/dead-letters/redrive', body: { tenant, event_ids: ids } });
      if (made.problem !== undefined) return;
      const { results } = made.json as RedriveAnswer;
      const entries = results.map(
        ({ event_id: eventId, status }) => [nameOf({ tenant, eventId }), OUTCOMES[status] ?? status] as const,
      );
      setOutcomes((before) => new Map([...before, ...entries]));
    }
  };
  return { call, isBusy, redrive, outcomes, outcomeOf: (event) => outcomes.get(nameOf(event)) };
}

export function nameOf({ tenant, eventId }: EventName): string {
  return `${tenant} ${eventId}`;
}

/** The requests it takes: each names one tenant, and so many events at most. */
function requestsOf(events: readonly EventName[]): [tenant: string, eventIds: string[]][] {
  const requests: [string, string[]][] = [];
  for (const tenant of new Set(events.map((event) => event.tenant))) {
    const ids = events.filter((event) => event.tenant === tenant).map(({ eventId }) => eventId);
    for (let from = 0; from < ids.length; from += EVENTS_MAX)
      requests.push([tenant, ids.slice(from, from + EVENTS_MAX)]);
  }
  return requests;
}
