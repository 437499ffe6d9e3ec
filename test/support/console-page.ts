/** What a built document names to be loaded, by file name: scripts, styles, what is to be fetched beforehand. */
export function loadedBy(document: string): string[] {
  return [...document.matchAll(/(?:src|href)="\.\/console\/([^"]*)"/g)].map(([, name]) => name ?? '');
}

/** What a built script names to be loaded, at once or when one goes somewhere. */
export function loadedByScript(script: string): string[] {
  return [...script.matchAll(/["'`]\.\/([\w-]+\.(?:js|css))["'`]/g)].map(([, name]) => name ?? '');
}
