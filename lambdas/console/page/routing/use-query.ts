import { route, setQuery } from './route.ts';

/** One value in the address, such as a filter, and how to change it. It survives a reload and can be shared. */
export function useQuery(name: string, initial = ''): [string, (value: string) => void] {
  return [route.value.query[name] ?? initial, (value) => setQuery(name, value === initial ? '' : value)];
}
