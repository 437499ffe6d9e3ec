import { marshall } from '@aws-sdk/util-dynamodb';
import { plain } from '../../lambdas/storage/dynamo.ts';
import type { Answer } from './seam.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The document client's own work around an answer in DynamoDB's form: the SDK does it deep in a client's stack, beside the
 * HTTP that a simulation has no use for. It translates with the SDK's own converters.
 */
export function inDocumentForm(answer: Answer): Answer {
  return async (command, input) => documents(await answer(command, attributes(input as Fields)));
}

/** What in a request holds an item, or a part of one. */
const itemFields = ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey'] as const;

function attributes(input: Fields): object {
  const translated: Record<string, unknown> = { ...input };
  for (const field of itemFields) {
    if (input[field] !== undefined)
      translated[field] = marshall(input[field] as Fields, { removeUndefinedValues: true });
  }
  if (input['TransactItems'] !== undefined) {
    translated['TransactItems'] = (input['TransactItems'] as Fields[]).map((action) =>
      each(action, (part) => attributes(part as Fields)),
    );
  }
  if (input['RequestItems'] !== undefined) {
    translated['RequestItems'] = each(input['RequestItems'] as Fields, (request) => {
      if (Array.isArray(request)) return request.map((write) => each(write, (part) => attributes(part as Fields)));
      const { Keys, ...rest } = request as { Keys: Fields[] };
      return { ...rest, Keys: Keys.map((key) => marshall(key)) };
    });
  }
  return translated;
}

function documents(output: object): object {
  const { Item, Attributes, LastEvaluatedKey, Items, Responses, UnprocessedKeys, ...rest } = output as Fields;
  const one = (item: unknown) => plain(item as Parameters<typeof plain>[0]);
  const many = (items: unknown) => (items as unknown[]).map(one);
  return {
    ...rest,
    ...(Item !== undefined && { Item: one(Item) }),
    ...(Attributes !== undefined && { Attributes: one(Attributes) }),
    ...(LastEvaluatedKey !== undefined && { LastEvaluatedKey: one(LastEvaluatedKey) }),
    ...(Items !== undefined && { Items: many(Items) }),
    ...(Responses !== undefined && { Responses: each(Responses as Fields, many) }),
    ...(UnprocessedKeys !== undefined && {
      UnprocessedKeys: each(UnprocessedKeys as Fields, (request) => {
        const { Keys, ...left } = request as { Keys: unknown[] };
        return { ...left, Keys: many(Keys) };
      }),
    }),
  };
}

function each(fields: Fields, translate: (value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, translate(value)]));
}
