import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedStack } from './stack.ts';

/** A line of a function's log, as Powertools writes it. */
export interface LogLine {
  readonly level?: string;
  readonly message?: string;
  readonly [field: string]: unknown;
}

/** The structured lines in one function's log, by its short name. */
export function logLines(stack: EmbeddedStack, functionName: string): LogLine[] {
  const text = readFileSync(join(stack.data, 'logs', `${functionName}.log`), 'utf8');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as LogLine];
    } catch {
      return [];
    }
  });
}

/** Everything that the stack has said: what its functions logged, and what it told whoever started it. */
export function everythingSaid(stack: EmbeddedStack): string {
  const folder = join(stack.data, 'logs');
  return [stack.stderr, ...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))].join('\n');
}
