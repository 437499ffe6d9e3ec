/** A fault that the proof found and that is mended. */
export interface Finding {
  readonly foundBy: string;
  /** What was wrong, and what it would have done to somebody. */
  readonly fault: string;
  /** The test that failed before it was mended, and fails again should it come back. */
  readonly regression: string;
}

export const findings: readonly Finding[] = [];
