import type { FieldFault, ImportedEvent, RawUsage } from './usage-row.ts';

/** One row of a file as it was read. */
export interface Row {
  /** The line it begins in, from 1. */
  readonly line: number;
  /** The offset behind it, from the beginning of the file. */
  readonly endByte: number;
  /** As it stands in the file. */
  readonly text: string;
  /** All that it says, in one fixed form: two rows that say the same have the same content. */
  readonly content: string;
  /** Its fields as they stand there; undefined when it can't be taken apart. */
  readonly raw: RawUsage | undefined;
  readonly reading: Reading;
}

/** The event in a row, or why it is none. */
export type Reading =
  | { readonly event: ImportedEvent; readonly faults?: never }
  | { readonly faults: readonly FieldFault[]; readonly event?: never };
