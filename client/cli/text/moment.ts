/** A moment as the API gives it, to the second: `2026-11-24T09:30:00.125Z` is `2026-11-24 09:30:00`, its column saying that it is UTC. */
export function utc(instant: string | null | undefined): string | undefined {
  return instant?.replace('T', ' ').replace(/(?:\.\d+)?Z$/, '');
}
