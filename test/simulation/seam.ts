/** Answers one call of an SDK client, or throws what the client's user is to catch. */
export type Answer = (command: string, input: object) => Promise<object>;

/** What is sent with a client of the SDK. */
interface Command {
  readonly input: object;
}

/** What the document client calls its commands, and DynamoDB the calls they make. */
const documentCommands: Readonly<Record<string, string>> = {
  GetCommand: 'GetItemCommand',
  PutCommand: 'PutItemCommand',
  UpdateCommand: 'UpdateItemCommand',
  DeleteCommand: 'DeleteItemCommand',
  BatchGetCommand: 'BatchGetItemCommand',
  BatchWriteCommand: 'BatchWriteItemCommand',
  TransactWriteCommand: 'TransactWriteItemsCommand',
};

/**
 * A client as our adapters know one: what they send is answered here, and nothing of the SDK's serialization, retries or
 * HTTP is reached. A document client's answers need `document-form.ts` besides.
 */
export function clientOf<Client>(answer: Answer): Client {
  const send = async (command: Command) => {
    const { name } = command.constructor;
    return { $metadata: {}, ...(await answer(documentCommands[name] ?? name, command.input)) };
  };
  return { send } as Client;
}

/** Has a real client's calls answered here, for what asks more of a client than to send. */
export function answerCalls(client: object, answer: Answer): void {
  Object.assign(client, clientOf<object>(answer));
}
