import { createHash } from 'node:crypto';
import { Occurrences } from './occurrences.ts';
import type { Row } from './row.ts';

/** 128 bits: no two contents will ever share one. */
const KEY_HASH_CHARS = 32;

/**
 * The idempotency keys of a file's rows: a row's own, or else one of its content and of how many rows before said the
 * same. So a file may be sent twice, appended to or sorted anew, and every row stays the event it was; two rows that say
 * the same are two events. The file's name and a row's place have no part in it.
 */
export class RowKeys {
  readonly #source: string;
  readonly #occurrences = new Occurrences();

  /** @param source what keeps apart two files of which both may hold rows that say the same; empty for none */
  constructor(source: string) {
    this.#source = source;
  }

  /** Call it once for each row of the file, from the first on and in order. */
  keyOf({ reading, content }: Row): string {
    const own = reading.event?.idempotencyKey;
    if (own !== undefined) return own;
    const form = JSON.stringify(['zerosum/import/1', this.#source, content]);
    const digest = createHash('sha256').update(form, 'utf8').digest();
    const occurrence = this.#occurrences.count(digest);
    const key = `row-${digest.toString('hex').slice(0, KEY_HASH_CHARS)}`;
    return occurrence === 1 ? key : `${key}-${occurrence}`;
  }
}
