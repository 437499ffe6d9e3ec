/** A failure a person can mend: its message is one sentence or two that say what is wrong and what to do. */
export class StackError extends Error {
  override readonly name = 'StackError';
}

/** The message of anything thrown, for use inside a sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
