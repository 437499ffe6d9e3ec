/** Acceptance tests that are listed for a reason. */
export interface Listed {
  /** In test/acceptance/. */
  readonly file: string;
  /** How their full names begin; without, it is the whole file. */
  readonly tests?: readonly string[];
  readonly reason: string;
}

/** Whether a test is among those listed. */
export function isListed({ file, tests }: Listed, test: { readonly file: string; readonly name: string }): boolean {
  return test.file === file && (tests === undefined || tests.some((start) => test.name.startsWith(start)));
}
