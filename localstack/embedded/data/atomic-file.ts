import { renameSync, writeFileSync } from 'node:fs';

export const DRAFT_ENDING = '.draft';

/** Writes a whole file or none of it: who reads it sees the old content or the new. */
export function writeAtomically(path: string, content: string | Uint8Array, mode = 0o644): void {
  const draft = `${path}.${process.pid}${DRAFT_ENDING}`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, path);
}
