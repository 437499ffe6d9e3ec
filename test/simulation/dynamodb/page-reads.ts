import type { QueryCommandInput, ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { refuseUnknown } from '../input.ts';
import type { Random } from '../random.ts';
import { Expressions } from './expressions/expressions.ts';
import { type KeyRange, keyRange } from './expressions/key-condition.ts';
import type { Condition, Operand } from './expressions/syntax.ts';
import { nameOf } from './expressions/values.ts';
import { Glance } from './glance.ts';
import type { Nastiness } from './nastiness.ts';
import { type Met, type PageSpec, pageOf, pageSpec } from './page.ts';
import { invalid } from './refusals.ts';
import { firstAfter, firstNotBefore, HASHES, type Placed } from './shelf.ts';
import { indexSource, type Source, tableSource } from './source.ts';
import type { Store } from './store.ts';

const COMMON = [
  ...['TableName', 'IndexName', 'ConsistentRead', 'ExclusiveStartKey', 'Limit', 'Select', 'FilterExpression'],
  ...['ProjectionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues'],
];
const QUERY = new Set([...COMMON, 'KeyConditionExpression', 'ScanIndexForward']);
const SCAN = new Set([...COMMON, 'Segment', 'TotalSegments']);

/** Query and Scan: what they find, they find once they are done, and of each item what a read may see. */
export class PageReads {
  readonly #store: Store;
  readonly #random: Random;
  readonly #nastiness: Nastiness;

  constructor(store: Store, random: Random, nastiness: Nastiness) {
    this.#store = store;
    this.#random = random;
    this.#nastiness = nastiness;
  }

  query(input: QueryCommandInput): () => object {
    refuseUnknown('Query', input, QUERY);
    const { KeyConditionExpression: condition = '', ScanIndexForward: isForward = true, ExclusiveStartKey } = input;
    const expressions = new Expressions(input);
    return this.#read(input, expressions, (source) => {
      const range = keyRange(condition, expressions, source.keys);
      const start = ExclusiveStartKey && source.placeOf(ExclusiveStartKey);
      if (start !== undefined && start.partition !== range.partition) {
        throw invalid('The provided starting key is outside query boundaries based on provided conditions');
      }
      return {
        most: () => source.shelf.entriesOf(range.partition).length,
        found: () => inRange(source, range, isForward, start?.order),
      };
    });
  }

  scan(input: ScanCommandInput): () => object {
    refuseUnknown('Scan', input, SCAN);
    const { Segment: segment = 0, TotalSegments: segments = 1, ExclusiveStartKey } = input;
    if (segment < 0 || segment >= segments)
      throw invalid('The Segment parameter is zero-based and must be less than TotalSegments');
    const edges = [segment, segment + 1].map((at) => Math.ceil((at * HASHES) / segments)) as [number, number];
    return this.#read(input, new Expressions(input), (source) => {
      const start = ExclusiveStartKey && source.placeOf(ExclusiveStartKey);
      return { most: () => source.shelf.size, found: () => met(source, source.shelf.scan(...edges, start)) };
    });
  }

  #read(
    input: QueryCommandInput | ScanCommandInput,
    expressions: Expressions,
    look: (source: Source) => { readonly most: () => number; readonly found: () => Iterable<Met> },
  ): () => object {
    const table = this.#store.table(input.TableName);
    const { ConsistentRead = false, IndexName } = input;
    if (IndexName !== undefined && ConsistentRead) {
      throw invalid('Consistent reads are not supported on global secondary indexes');
    }
    const arrived = this.#store.begin();
    const glance = new Glance(arrived, ConsistentRead, this.#random, this.#nastiness);
    const sourceAt = (nowMs: number) =>
      (IndexName === undefined ? tableSource(table, glance) : indexSource(table, IndexName, nowMs)) as Source;
    let spec: PageSpec;
    try {
      const source = sourceAt(arrived.atMs);
      look(source);
      spec = pageSpec(input, expressions);
      if ('KeyConditionExpression' in input) checkFilter(spec, source);
      expressions.checkAllUsed();
    } catch (error) {
      this.#store.end(arrived);
      throw error;
    }
    return () => {
      this.#store.end(arrived);
      const { most, found } = look(sourceAt(this.#store.now.atMs));
      const { answer, bytesRead } = pageOf(found(), spec, this.#endsAfter(most));
      const read = { table: table.name, index: IndexName, bytes: bytesRead, isConsistent: ConsistentRead };
      this.#store.noteRead(read);
      return answer;
    };
  }

  #endsAfter(most: () => number): number {
    const { shortPage } = this.#nastiness;
    if (shortPage === 0 || !this.#random.chance(shortPage)) return Number.POSITIVE_INFINITY;
    return this.#random.integer(1, Math.max(1, most()));
  }
}

function* met(source: Source, entries: Iterable<Placed>): Iterable<Met> {
  for (const entry of entries) yield source.meet(entry);
}

function* inRange(source: Source, range: KeyRange, isForward: boolean, startOrder: string | undefined): Iterable<Met> {
  const entries = source.shelf.entriesOf(range.partition);
  let from = firstWhere(entries, ({ sort }) => !range.isBelow(sort));
  let until = firstWhere(entries, ({ sort }) => range.isAbove(sort));
  if (startOrder !== undefined && isForward) from = Math.max(from, firstAfter(entries, startOrder));
  if (startOrder !== undefined && !isForward) until = Math.min(until, firstNotBefore(entries, startOrder));
  if (isForward) for (let at = from; at < until; at += 1) yield source.meet(entries[at] as Placed);
  else for (let at = until - 1; at >= from; at -= 1) yield source.meet(entries[at] as Placed);
}

/** The index of the first entry of which it is so, as it is of all after it. */
function firstWhere(entries: readonly Placed[], isSo: (entry: Placed) => boolean): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(entries[middle] as Placed)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Query, API Reference: a filter may not be about the keys. */
function checkFilter({ filter, expressions }: PageSpec, { keys }: Source): void {
  if (filter === undefined) return;
  for (const operand of operandsOf(filter)) {
    const path = operand.kind === 'size' ? operand.of : operand;
    if (path.kind !== 'path') continue;
    const name = nameOf(path.path[0] as string, expressions.meanings.names);
    if (name !== keys.partition && name !== keys.sort) continue;
    throw invalid(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);
  }
}

function operandsOf(condition: Condition): readonly Operand[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...operandsOf(condition.left), ...operandsOf(condition.right)];
    case 'not':
      return operandsOf(condition.inner);
    case 'compare':
      return [condition.left, condition.right];
    case 'between':
      return [condition.operand, condition.low, condition.high];
    case 'in':
      return [condition.operand, ...condition.among];
    case 'function':
      return condition.operands;
  }
}
