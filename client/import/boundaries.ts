/** Where the records of a format end in a stream of bytes; what it has seen is kept from chunk to chunk. */
export interface Boundary {
  /** The index of the byte that ends the record which begins or goes on at `from`; -1 when the chunk ends before. */
  find(chunk: Uint8Array, from: number): number;
  /** The record is too long to be one: the next line may begin another. */
  giveUp(): void;
}

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const [OPENING_BRACKET, CLOSING_BRACKET, OPENING_BRACE, CLOSING_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A record a line. */
export function lineBoundary(): Boundary {
  return { find: (chunk, from) => chunk.indexOf(NEWLINE, from), giveUp: () => undefined };
}

/** RFC 4180: a line, unless its end stands in quotes. A quote opens only where a field begins. */
export class CsvBoundary implements Boundary {
  readonly #delimiter: number;
  #state: 'field-start' | 'plain' | 'quoted' | 'quote-in-quoted' = 'field-start';

  /** @param delimiter one ASCII character */
  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  find(chunk: Uint8Array, from: number): number {
    let state = this.#state;
    for (let index = from; index < chunk.length; index += 1) {
      const byte = chunk[index];
      if (state === 'quoted') {
        if (byte === QUOTE) state = 'quote-in-quoted';
      } else if (byte === NEWLINE) {
        this.#state = 'field-start';
        return index;
      } else if (byte === this.#delimiter) {
        state = 'field-start';
      } else if (byte === QUOTE && state !== 'plain') {
        state = 'quoted';
      } else {
        state = 'plain';
      }
    }
    this.#state = state;
    return -1;
  }

  giveUp(): void {
    this.#state = 'plain';
  }
}

/**
 * The elements of a JSON array. Its opening bracket ends a first record, in which nothing stands; behind its closing one no
 * record ends any more.
 */
export class ArrayBoundary implements Boundary {
  #depth = 0;
  #inText = false;
  #isEscaped = false;
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  find(chunk: Uint8Array, from: number): number {
    if (this.#isClosed) return -1;
    for (let index = from; index < chunk.length; index += 1) {
      if (this.#ends(chunk[index])) return index;
    }
    return -1;
  }

  giveUp(): void {
    // Its brackets are still counted: the element ends where it would have ended.
  }

  #ends(byte: number | undefined): boolean {
    if (this.#inText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#inText = false;
      return false;
    }
    if (byte === QUOTE) {
      this.#inText = true;
    } else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) {
      this.#depth += 1;
      return this.#depth === 1;
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
      this.#depth -= 1;
      this.#isClosed = this.#depth === 0;
      return this.#isClosed;
    }
    return byte === COMMA && this.#depth === 1;
  }
}
