/** The month of a moment, `YYYY-MM`, in UTC. */
export function monthOf(ms: number): string {
  const date = new Date(ms);
  return spelt(date.getUTCFullYear() * 12 + date.getUTCMonth());
}

/** So many months later; earlier where the number is negative. */
export function monthsLater(month: string, months: number): string {
  const [year, ordinal] = month.split('-').map(Number);
  return spelt((year ?? 0) * 12 + (ordinal ?? 1) - 1 + months);
}

function spelt(months: number): string {
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
}
