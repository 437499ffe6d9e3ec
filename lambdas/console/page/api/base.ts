/** Where the API is: above the console's own address, stage prefix and all (`/prod/console` -> `/prod`). */
const base = location.origin + location.pathname.replace(/(\/console)?\/?$/, '');

/** @param path of the contract, beginning with a slash, query and all */
export function apiUrl(path: string): string {
  return base + path;
}
