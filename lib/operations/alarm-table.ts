import type { AlarmSpec } from './alarm-spec.ts';
import { aboutBooks } from './alarms-about-books.ts';
import { aboutEvents } from './alarms-about-events.ts';
import { aboutService } from './alarms-about-service.ts';
import type { Watched } from './watched.ts';

/** Every alarm of the system; docs/runbook.md has a section for each. */
export function alarmTable(watched: Watched): AlarmSpec[] {
  return [...aboutEvents(watched), ...aboutBooks(watched), ...aboutService(watched)];
}
