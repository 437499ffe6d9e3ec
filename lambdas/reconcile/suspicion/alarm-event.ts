import * as z from 'zod';
import type { Instant } from '../../domain/instant.ts';
import { parseInstant } from '../../domain/instant.ts';

/** An alarm that was raised. */
export interface RaisedAlarm {
  readonly name: string;
  readonly at: Instant;
}

/** EventBridge's event when an alarm changes its state (CloudWatch User Guide, "Alarm events and EventBridge"). */
const alarmEventSchema = z.object({
  source: z.literal('aws.cloudwatch'),
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  time: z.string(),
  detail: z.object({ alarmName: z.string(), state: z.object({ value: z.literal('ALARM') }) }),
});

/** The alarm whose raising an event tells of; undefined for any other event. */
export function raisedAlarm(event: unknown): RaisedAlarm | undefined {
  const { data } = alarmEventSchema.safeParse(event);
  const at = data && parseInstant(data.time);
  return at === undefined ? undefined : { name: data?.detail.alarmName ?? '', at };
}
