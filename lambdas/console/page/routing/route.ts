import { signal } from '@preact/signals';

/** Where in the console one is: kept in the address's fragment, so that a reload or a bookmark comes back to it. */
export interface Route {
  /** Such as `ledger`, or `operate/close`. Never a token: addresses end up in histories and logs. */
  readonly place: string;
  readonly query: Readonly<Record<string, string>>;
}

export const route = signal(routeOf(location.hash));

addEventListener('hashchange', () => {
  route.value = routeOf(location.hash);
});

/** The address of a place. Empty values are left out. */
export function hrefOf(place: string, query: Readonly<Record<string, string>> = {}): string {
  const set = Object.entries(query).filter(([, value]) => value !== '');
  const text = new URLSearchParams(set).toString();
  return `#/${place}${text === '' ? '' : `?${text}`}`;
}

/** Goes to a place, by a step that the browser's back button undoes. */
export function go(place: string, query?: Readonly<Record<string, string>>): void {
  location.hash = hrefOf(place, query);
}

/** Changes one value of the place one is at, such as a filter, without a step of its own in the history. */
export function setQuery(name: string, value: string): void {
  const { place, query } = route.peek();
  history.replaceState(null, '', hrefOf(place, { ...query, [name]: value }));
  route.value = routeOf(location.hash);
}

function routeOf(hash: string): Route {
  const [place = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return { place, query: Object.fromEntries(new URLSearchParams(query)) };
}
