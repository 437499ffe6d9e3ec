import type { Request } from './random-requests.ts';

export type EngineName = 'dynoxide' | 'DynamoDB Local';

/** What the simulated one says. */
export interface Said {
  readonly answer: object;
  /** Why it refused; nothing for what it did. */
  readonly messages: readonly string[];
}

interface Deviation {
  readonly engine: EngineName;
  readonly does: string;
  /** Why the other is right. */
  readonly because: string;
  readonly isMet: (request: Request, said: Said) => boolean;
}

/**
 * Where an engine here is known not to be DynamoDB. The other engine, or AWS's documents, say what the simulated one does;
 * this engine is not asked what the simulated one refuses, and not listened to about what it does.
 */
export const deviations: readonly Deviation[] = [
  {
    engine: 'dynoxide',
    does: 'finds an operand that no item could make sensible only when it comes to it, or never',
    because: 'DynamoDB Local refuses the expression before it looks at an item',
    isMet: refused(/Incorrect operand type|BETWEEN operator requires|Invalid attribute type name|must be distinct/),
  },
  {
    engine: 'dynoxide',
    does: 'notices only where it comes to it that a placeholder has no use or no meaning',
    because: 'DynamoDB Local refuses the request before it looks at an item',
    isMet: refused(/unused in expressions|is not defined/),
  },
  {
    engine: 'dynoxide',
    does: 'cancels a transaction with ValidationError for an expression that is none',
    because: 'DynamoDB Local refuses the request',
    isMet: (request, said) =>
      request.command === 'TransactWriteItems' &&
      refused(/^Invalid \w+Expression|can only be specified/)(request, said),
  },
  {
    engine: 'dynoxide',
    does: 'removes nothing from a map that is not there',
    because:
      'TransactWriteItems, API Reference: "The document path provided in the update expression is invalid for update"',
    isMet: refused(/document path provided/),
  },
  {
    engine: 'dynoxide',
    does: 'sees late in a transaction that an update is of the item’s key, and early that it empties the index’s',
    because: 'DynamoDB Local tells both by the reason ValidationError of that action',
    isMet: (request, said) =>
      request.command === 'TransactWriteItems' && refused(/Cannot update attribute|empty string value/)(request, said),
  },
  {
    engine: 'dynoxide',
    does: 'gives as ALL_OLD the key of an item that was not there',
    because: 'UpdateItem, API Reference: "all of the attributes of the item, as they appeared before"',
    isMet: ({ command, input }, { answer }) =>
      command === 'UpdateItem' && input['ReturnValues'] === 'ALL_OLD' && !('Attributes' in answer),
  },
  {
    engine: 'DynamoDB Local',
    does: 'tries the actions of a transaction before it sees that two are on one item',
    because: 'TransactWriteItems, API Reference: no "two actions on the same item", and dynoxide refuses the request',
    isMet: refused(/multiple operations on one item/),
  },
  {
    engine: 'DynamoDB Local',
    does: 'gives as updated the whole map of which a part was',
    because: 'UpdateItem, API Reference: "only the updated attributes", and dynoxide gives the part',
    isMet: ({ command, input }) =>
      command === 'UpdateItem' &&
      String(input['ReturnValues']).startsWith('UPDATED_') &&
      String(input['UpdateExpression']).includes('.'),
  },
  {
    engine: 'DynamoDB Local',
    does: 'refuses a transaction whole for an update that can’t be done',
    because: 'TransactWriteItems, API Reference: a cancellation with the code ValidationError, and dynoxide cancels',
    isMet: ({ command }, { answer }) => command === 'TransactWriteItems' && hasInvalidReason(answer),
  },
];

function refused(because: RegExp): Deviation['isMet'] {
  return (_, { messages }) => messages.some((message) => because.test(message));
}

function hasInvalidReason(answer: object): boolean {
  const { reasons = [] } = answer as { readonly reasons?: readonly { readonly Code?: string }[] };
  return reasons.some(({ Code }) => Code === 'ValidationError');
}
