import type { Row } from './row.ts';

/**
 * Warns once of rows with neither a key nor a date: one of another file that says the same is the same event, and for two
 * days' files of totals that is hardly meant.
 */
export class Undated {
  readonly #tell: (sentence: string) => void;
  #isSilent: boolean;

  constructor({ source }: { readonly source: string }, tell: (sentence: string) => void) {
    this.#isSilent = source !== '';
    this.#tell = tell;
  }

  look({ line, reading: { event } }: Row): void {
    if (this.#isSilent || event === undefined) return;
    if (event.idempotencyKey !== undefined || event.eventDate !== undefined) return;
    this.#isSilent = true;
    this.#tell(
      `Line ${line} has neither an idempotency_key nor an event_date: a row of another file that says the same would be taken for it, and not charged again. If you import such files, give each a --source of its own.`,
    );
  }
}
