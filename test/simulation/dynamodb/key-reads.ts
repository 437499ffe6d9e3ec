import type { BatchGetItemCommandInput, GetItemCommandInput, KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { refuseUnknown } from '../input.ts';
import type { Random } from '../random.ts';
import type { Item } from './attribute-value.ts';
import { Expressions } from './expressions/expressions.ts';
import { projected } from './expressions/projection.ts';
import { Glance } from './glance.ts';
import { nameOf } from './holds.ts';
import { placeOfKey } from './keys.ts';
import type { Nastiness } from './nastiness.ts';
import { invalid } from './refusals.ts';
import { itemBytes } from './size.ts';
import type { Store } from './store.ts';
import type { Place, Table } from './table.ts';

/** BatchGetItem, API Reference. */
const BATCH_KEYS_MAX = 100;
const BATCH_BYTES_MAX = 16 * 1024 * 1024;

const COMMON = ['ConsistentRead', 'ProjectionExpression', 'ExpressionAttributeNames'];
const GET = new Set(['TableName', 'Key', ...COMMON]);
const BATCH_GET = new Set(['RequestItems']);
const BATCH_OF_TABLE = new Set(['Keys', ...COMMON]);

interface Wanted {
  readonly table: Table;
  readonly key: Item;
  readonly place: Place;
  readonly part: (item: Item) => Item;
  readonly isConsistent: boolean;
}

/** GetItem and BatchGetItem. */
export class KeyReads {
  readonly #store: Store;
  readonly #random: Random;
  readonly #nastiness: Nastiness;

  constructor(store: Store, random: Random, nastiness: Nastiness) {
    this.#store = store;
    this.#random = random;
    this.#nastiness = nastiness;
  }

  get(input: GetItemCommandInput): () => object {
    refuseUnknown('GetItem', input, GET);
    const table = this.#store.table(input.TableName);
    const place = placeOfKey(input.Key);
    const part = partOf(input);
    const arrived = this.#store.begin();
    const glance = new Glance(arrived, input.ConsistentRead ?? false, this.#random, this.#nastiness);
    return () => {
      this.#store.end(arrived);
      const cell = table.cells.find(place.partition, place.sort);
      const item = cell && glance.seeAlone(cell);
      this.#note(table, item, input.ConsistentRead ?? false);
      return item === undefined ? {} : { Item: part(item) };
    };
  }

  batchGet(input: BatchGetItemCommandInput): () => object {
    refuseUnknown('BatchGetItem', input, BATCH_GET);
    const requests = input.RequestItems ?? {};
    const wanted = Object.entries(requests).flatMap(([name, request]) => this.#wanted(name, request));
    if (wanted.length === 0 || wanted.length > BATCH_KEYS_MAX) {
      throw invalid('Too many items requested for the BatchGetItem call');
    }
    if (new Set(wanted.map(nameOf)).size < wanted.length) {
      throw invalid('Provided list of item keys contains duplicates');
    }
    const arrived = this.#store.begin();
    return () => {
      this.#store.end(arrived);
      return this.#answer(
        requests,
        wanted,
        (isConsistent) => new Glance(arrived, isConsistent, this.#random, this.#nastiness),
      );
    };
  }

  /** In an order of its own: "DynamoDB returns items in no particular order". */
  #answer(
    requests: Record<string, KeysAndAttributes>,
    wanted: readonly Wanted[],
    glanceOf: (isConsistent: boolean) => Glance,
  ): object {
    const Responses: Record<string, Item[]> = Object.fromEntries(Object.keys(requests).map((name) => [name, []]));
    const left: Wanted[] = [];
    const processed = this.#processed(wanted.length);
    let bytes = 0;
    for (const [index, one] of wanted.entries()) {
      const cell = one.table.cells.find(one.place.partition, one.place.sort);
      const item = cell && glanceOf(one.isConsistent).see(cell);
      const isPast = !processed(index) || (item !== undefined && bytes + itemBytes(item) > BATCH_BYTES_MAX);
      if (!isPast) this.#note(one.table, item, one.isConsistent);
      if (isPast) left.push(one);
      else if (item !== undefined) {
        bytes += itemBytes(item);
        Responses[one.table.name]?.unshift(one.part(item));
      }
    }
    const UnprocessedKeys: Record<string, KeysAndAttributes> = {};
    for (const { table, key } of left) {
      const before = UnprocessedKeys[table.name]?.Keys ?? [];
      UnprocessedKeys[table.name] = { ...requests[table.name], Keys: [...before, key] };
    }
    return { Responses, UnprocessedKeys };
  }

  #note({ name: table }: Table, item: Item | undefined, isConsistent: boolean): void {
    const bytes = item === undefined ? 0 : itemBytes(item);
    this.#store.noteRead({ table, index: undefined, bytes, isConsistent });
  }

  /** At least one key is: else the whole call would be throttled. */
  #processed(count: number): (index: number) => boolean {
    const { partialBatch } = this.#nastiness;
    if (partialBatch === 0 || !this.#random.chance(partialBatch)) return () => true;
    const sure = this.#random.integer(0, count - 1);
    return (index) => index === sure || this.#random.chance(0.5);
  }

  #wanted(name: string, request: KeysAndAttributes): Wanted[] {
    refuseUnknown('BatchGetItem', request, BATCH_OF_TABLE);
    const table = this.#store.table(name);
    const part = partOf(request);
    const isConsistent = request.ConsistentRead ?? false;
    return (request.Keys ?? []).map((key) => ({ table, key, place: placeOfKey(key), part, isConsistent }));
  }
}

function partOf(input: Pick<GetItemCommandInput, 'ProjectionExpression' | 'ExpressionAttributeNames'>) {
  const expressions = new Expressions(input);
  const { ProjectionExpression } = input;
  const paths = ProjectionExpression === undefined ? undefined : expressions.projection(ProjectionExpression);
  expressions.checkAllUsed();
  return (item: Item) => (paths === undefined ? item : projected(item, paths, expressions.meanings.names));
}
