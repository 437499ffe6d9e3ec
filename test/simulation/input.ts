/**
 * A simulated service must not seem to do what it leaves out: throws for any part of a call's input that it would not heed.
 * @param known the names of the parts it heeds
 */
export function refuseUnknown(what: string, input: object, known: ReadonlySet<string>): void {
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !known.has(name)) throw new Error(`The simulated ${what} heeds no ${name}: teach it.`);
  }
}
