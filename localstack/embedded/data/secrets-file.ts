import { readFileSync } from 'node:fs';
import { developmentSecrets } from '../development.ts';
import { writeAtomically } from './atomic-file.ts';

/** Only its owner may read the file. */
const MODE = 0o600;

/** Stands in for Secrets Manager. What was rotated stays so over a restart: webhook keys are sealed with it. */
export function keepSecrets(path: string): void {
  writeAtomically(path, JSON.stringify({ ...developmentSecrets, ...kept(path) }), MODE);
}

function kept(path: string): object {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as object;
  } catch {
    // The first start, or a file that nobody could use.
    return {};
  }
}
