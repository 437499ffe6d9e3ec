import { z } from 'zod';
import { rateMs, Schedule } from '../triggers/schedule.ts';
import { asideFor, kind, physicalName } from './kind.ts';

/** An EventBridge rule that invokes functions at a rate; one that listens for events hears none. */
export const eventsRule = kind(
  'AWS::Events::Rule',
  {
    Name: z.string().optional(),
    ScheduleExpression: z.string().optional(),
    EventPattern: asideFor(
      'there is no CloudWatch here whose alarms it would hear; tests hand the event to the function',
    ),
    State: z.enum(['ENABLED', 'DISABLED']).optional(),
    Targets: z
      .array(
        z.strictObject({
          Arn: z.string(),
          Id: z.string(),
          Input: z.string().optional(),
          RetryPolicy: asideFor('a failed run is followed by the next'),
        }),
      )
      .optional(),
    Description: asideFor('for people'),
    Tags: asideFor('nobody asks for them'),
  },
  (properties, place, host) => {
    const name = properties.Name ?? physicalName(place);
    const Arn = `arn:aws:events:${host.region}:${host.accountId}:rule/${name}`;
    if (properties.ScheduleExpression === undefined) return { ref: name, attributes: { Arn } };
    const periodMs = rateMs(properties.ScheduleExpression);
    for (const target of properties.Targets ?? []) {
      const pool = host.functions.referred(target.Arn);
      const input: unknown = target.Input === undefined ? undefined : JSON.parse(target.Input);
      const { region, accountId } = host;
      const schedule = new Schedule({ ruleArn: Arn, periodMs, pool, input, region, accountId });
      if (properties.State !== 'DISABLED') host.triggers.push(schedule);
    }
    return { ref: name, attributes: { Arn } };
  },
);
