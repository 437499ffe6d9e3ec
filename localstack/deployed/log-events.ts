import * as z from 'zod';
import { jsonService } from './api.ts';

const answerSchema = z.object({
  events: z.array(z.object({ message: z.string() })),
  nextToken: z.string().optional(),
});

/** All that was logged to a group so far, oldest first. */
export async function logText(endpoint: string, logGroupName: string): Promise<string> {
  const messages: string[] = [];
  let nextToken: string | undefined;
  do {
    const input = { logGroupName, ...(nextToken !== undefined && { nextToken }) };
    const answer = answerSchema.parse(await jsonService(endpoint, 'logs', 'Logs_20140328.FilterLogEvents', input));
    messages.push(...answer.events.map(({ message }) => message));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  return messages.join('\n');
}
