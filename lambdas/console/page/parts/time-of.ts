/** The time of day in UTC, as everything in the ledger is. */
export function timeOf(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(11, 19)} UTC`;
}
