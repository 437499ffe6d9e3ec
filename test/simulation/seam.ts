import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Answers one call of an SDK client, or throws what the client's user is to catch. */
export type Answer = (command: string, input: object) => Promise<object>;

/** Any client of the SDK: their stacks differ in their types alone. */
interface SdkClient {
  readonly middlewareStack: unknown;
}

/**
 * Has a real SDK client's calls answered here: nothing of serialization, retries or HTTP is reached. A document client's
 * come as its user wrote them: `document-form.ts` has the rest of its work.
 */
export function answerCalls(client: SdkClient, answer: Answer): void {
  const stack = client.middlewareStack as DynamoDBDocumentClient['middlewareStack'];
  stack.add(
    (_next, { commandName = '' }) =>
      async ({ input }) => ({ output: { $metadata: {}, ...(await answer(commandName, input)) }, response: {} }),
    { step: 'initialize', priority: 'low', name: 'answeredHere' },
  );
}
