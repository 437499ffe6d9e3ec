import type { ComponentType } from 'preact';

/** A part of the console, loaded when one goes there. */
export interface Place {
  readonly id: string;
  readonly title: string;
  readonly load: () => Promise<ComponentType>;
}

/** The console's parts in the order of its navigation; the first is where one begins. */
export const places = [
  { id: 'ledger', title: 'Ledger', load: async () => (await import('./tenant/ledger.tsx')).Ledger },
  { id: 'try', title: 'Try it', load: async () => (await import('./try/try-it.tsx')).TryIt },
  { id: 'operate', title: 'Operate', load: async () => (await import('./operator/operate.tsx')).Operate },
  { id: 'calls', title: 'Calls', load: async () => (await import('./calls/calls.tsx')).Calls },
] as const satisfies readonly Place[];

/** The part that an address such as `operate/close` is in. */
export function placeAt(path: string): Place {
  return places.find(({ id }) => id === path.split('/')[0]) ?? places[0];
}
