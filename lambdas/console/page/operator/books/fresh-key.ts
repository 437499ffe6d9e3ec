/** An idempotency key that nobody has used: what it is for, the day, and 32 bits of chance. */
export function freshKey(purpose: string): string {
  const chance = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return `${purpose}-${new Date().toISOString().slice(0, 10)}-${chance.toString(16).padStart(8, '0')}`;
}
