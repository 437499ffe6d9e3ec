import { isDeepStrictEqual } from 'node:util';
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Service } from '../../service.ts';
import type { Item } from '../attribute-value.ts';
import type { Said } from './deviations.ts';
import type { Request } from './random-requests.ts';

/** Sends a request in DynamoDB's own form. */
export type Engine = (command: Request['command'], input: object) => Promise<object>;

const COMMANDS = {
  PutItem: PutItemCommand,
  UpdateItem: UpdateItemCommand,
  DeleteItem: DeleteItemCommand,
  GetItem: GetItemCommand,
  BatchGetItem: BatchGetItemCommand,
  TransactWriteItems: TransactWriteItemsCommand,
  Query: QueryCommand,
  Scan: ScanCommand,
};

export function realEngine(client: DynamoDBDocumentClient): Engine {
  return async (command, input) => {
    const Command = COMMANDS[command] as unknown as new (input: object) => GetItemCommand;
    return client.send(new Command(input));
  };
}

export function simulatedEngine(service: Service): Engine {
  return async (command, input) => service.arrive({ command: `${command}Command`, input, caller: 'test' })();
}

/** What came of a request, with nothing in it that DynamoDB leaves open. */
export async function answerTo({ command, input }: Request, engine: Engine): Promise<Said> {
  try {
    return { answer: await whole(command, input, engine), messages: [] };
  } catch (error) {
    return refusal(error);
  }
}

async function whole(command: Request['command'], input: Request['input'], engine: Engine): Promise<object> {
  if (command === 'Scan') return wholeScan(input, engine);
  if (command !== 'Query') return settled(await engine(command, input));
  return 'IndexName' in input ? wholeIndexQuery(input, engine) : pages(command, input, engine);
}

/** The name of a refusal, and all that a program may read from it; its words are the engine's own affair. */
function refusal(error: unknown): Said {
  if (!(error instanceof DynamoDBServiceException)) throw error;
  const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
  const Item = error instanceof ConditionalCheckFailedException ? error.Item : undefined;
  const answer = {
    name: error.name,
    reasons: reasons.map(({ Code, Item: one }) => ({ Code, Item: one && shown(one) })),
    Item: Item && shown(Item),
  };
  return { answer, messages: [error.message, ...reasons.flatMap(({ Message }) => Message ?? [])] };
}

interface Page {
  readonly Items?: Item[];
  readonly Count?: number;
  readonly ScannedCount?: number;
  readonly LastEvaluatedKey?: Item;
}

/** Every page to the last that has anything: whether the one before it says that nothing follows is left open. */
async function pages(command: Request['command'], input: object, engine: Engine): Promise<Page[]> {
  const read: Page[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = settled(await engine(command, { ...input, ExclusiveStartKey })) as Page;
    read.push(page);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  if (read.length < 2 || read.at(-1)?.ScannedCount !== 0) return read;
  const { LastEvaluatedKey: _, ...last } = read.at(-2) as Page;
  return [...read.slice(0, -2), last];
}

/** All segments: which items are in which, and in what order, is an engine's secret. */
async function wholeScan(input: Request['input'], engine: Engine): Promise<object> {
  const segments = Number(input['TotalSegments'] ?? 1);
  const found: Item[] = [];
  for (let Segment = 0; Segment < segments; Segment += 1) {
    const part = segments === 1 ? {} : { Segment };
    for (const { Items = [] } of await pages('Scan', { ...input, ...part }, engine)) found.push(...Items);
  }
  return inOrder(found);
}

/** Items of the same index key come in any order. */
async function wholeIndexQuery(input: Request['input'], engine: Engine): Promise<object> {
  const found = (await pages('Query', input, engine)).flatMap(({ Items = [] }) => Items);
  return { sorts: found.map((item) => item['time_sk']), items: inOrder(found) };
}

/** An answer without the SDK's own part, its unordered lists in an order. */
function settled(answer: object): object {
  const { $metadata: _, ConsumedCapacity: __, Responses, UnprocessedKeys, ...rest } = answer as Record<string, unknown>;
  const responses = Responses as Record<string, Item[]> | undefined;
  const inOneOrder = responses && Object.entries(responses).map(([table, items]) => [table, inOrder(items)]);
  return shown({
    ...rest,
    ...(inOneOrder && { Responses: Object.fromEntries(inOneOrder) }),
    ...(UnprocessedKeys !== undefined && !isDeepStrictEqual(UnprocessedKeys, {}) && { UnprocessedKeys }),
  });
}

function inOrder(items: readonly Item[]): Item[] {
  const texts = items.map((item) => JSON.stringify(shown(item)));
  return texts.sort().map((text) => JSON.parse(text) as Item);
}

/** The same with every name in one order. */
function shown<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(shown) as Value;
  if (value === null || typeof value !== 'object') return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(
    names.flatMap((name) => {
      const one = (value as Record<string, unknown>)[name];
      return one === undefined ? [] : [[name, shown(one)]];
    }),
  ) as Value;
}
