import { type Tables, text } from '../model/books.ts';
import type { Violations } from './violation.ts';

/** Of an event that was on its way for longer than a minute: true while it lasted, and gone with it. */
const TRUE_ALARM = 'unsettled';

/**
 * I9: reconciliations ran while everything went on, at their times and at clients' wishes. Nobody had touched the books by then, so
 * whatever else they found was a false alarm: a race, or a read of several items taken for a snapshot.
 */
export function checkAlarms(tables: Tables, violations: Violations): void {
  for (const item of tables('Operations')) {
    if (!text(item, 'pk').startsWith('FINDING#')) continue;
    const type = text(item, 'type');
    violations.expect(type === TRUE_ALARM, 'I9', `a false alarm: ${JSON.stringify(item, plainly)}`);
  }
}

function plainly(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
