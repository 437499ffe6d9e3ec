/** The moment so many days from now, or ago, as a caller would write it. */
export function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}
