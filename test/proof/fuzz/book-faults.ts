import type { Audit } from '../../support/audit.ts';
import type { Tally } from './tally.ts';

type Books = Pick<Audit, 'accepted' | 'charges' | 'refused'>;

/** Where the books are not what was answered: everything promised is charged once and rightly, or refused, and nothing else. */
export function bookFaults(tally: Tally, books: Books): string[] {
  return [...promiseFaults(tally, books), ...strayFaults(tally, books)];
}

function promiseFaults(tally: Tally, { accepted, charges, refused }: Books): string[] {
  return [...tally.promised].flatMap(([event, { amountMinor }]) => {
    const charged = charges.get(event) ?? [];
    if (!accepted.has(event)) return [`${event} was answered 202 and is kept nowhere`];
    if (charged.length === 0) return refused.has(event) ? [] : [`${event} was answered 202 and never charged`];
    return charged.length === 1 && charged[0] === amountMinor
      ? []
      : [`${event} was charged ${charged.join(' and ')} and not ${amountMinor}`];
  });
}

/** What nobody was answered 202 for must not be there; what was never answered may. */
function strayFaults(tally: Tally, { accepted, charges }: Books): string[] {
  return [...new Set([...accepted, ...charges.keys()])]
    .filter((event) => !tally.promised.has(event) && !tally.mayHaveBeenAccepted(event.slice(event.indexOf(' ') + 1)))
    .map((event) => `${event} is in the books and was never answered 202`);
}
