/** Tests that a deployed stack does not run, and why. */
export interface Exclusion {
  /** In test/acceptance/. */
  readonly file: string;
  /** How the full names of the tests begin; the whole file when there are none. */
  readonly tests?: readonly string[];
  readonly reason: string;
}

/** What only the embedded stack can do. Every other acceptance test runs against a deployed stack, as it is. */
export const embeddedOnly: readonly Exclusion[] = [
  { file: 'crash.test.ts', reason: 'kills processes at named crash points' },
  { file: 'outage.test.ts', reason: 'kills the engines under the stack' },
  { file: 'month-end.test.ts', reason: 'shifts the clock of single functions' },
];
