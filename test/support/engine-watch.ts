import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What a client did while it was watched. */
export interface Watched {
  readonly calls: string[];
  itemsRead: number;
}

/** Counts the calls and the items read while `work` runs; `after` is told of each call that was answered. */
export async function watched(
  client: DynamoDBDocumentClient,
  work: () => Promise<unknown>,
  after: (command: string) => Promise<void> = async () => undefined,
): Promise<Watched> {
  const seen: Watched = { calls: [], itemsRead: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const command = String(context['commandName']);
      const output = result.output as { Item?: unknown; ScannedCount?: number };
      seen.calls.push(command);
      seen.itemsRead += output.ScannedCount ?? (output.Item === undefined ? 0 : 1);
      await after(command);
      return result;
    },
    { name: 'watch', step: 'initialize' },
  );
  try {
    await work();
  } finally {
    client.middlewareStack.remove('watch');
  }
  return seen;
}
