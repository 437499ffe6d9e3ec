import type { Item } from './attribute-value.ts';
import { holds } from './expressions/condition.ts';
import type { Expressions } from './expressions/expressions.ts';
import { projected } from './expressions/projection.ts';
import type { Condition, Path } from './expressions/syntax.ts';
import { invalid } from './refusals.ts';
import { itemBytes } from './size.ts';

/** Query and Scan, API Reference: a page ends with the item that takes it over a megabyte. */
const PAGE_BYTES_MAX = 1024 * 1024;

/** The part of a Query or Scan that says what becomes of the items found. */
interface PageInput {
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly Limit?: number | undefined;
  readonly Select?: string | undefined;
}

export interface PageSpec {
  readonly expressions: Expressions;
  readonly filter: Condition | undefined;
  readonly projection: readonly Path[] | undefined;
  readonly limit: number;
  readonly countsOnly: boolean;
}

/** An entry met on the way, with what the read sees of it. */
export interface Met {
  /** Undefined where the read sees that there is nothing. */
  readonly item: Item | undefined;
  /** What a next page starts after. */
  readonly key: () => Item;
}

export function pageSpec(input: PageInput, expressions: Expressions): PageSpec {
  const { FilterExpression, ProjectionExpression, Limit, Select } = input;
  if (Limit !== undefined && Limit < 1) {
    throw invalid(
      "1 validation error detected: Value at 'limit' failed to satisfy constraint: greater than or equal to 1",
    );
  }
  if (Select !== undefined && Select !== 'COUNT') throw new TypeError(`Select ${Select} is not simulated.`);
  return {
    expressions,
    filter: FilterExpression === undefined ? undefined : expressions.condition('FilterExpression', FilterExpression),
    projection: ProjectionExpression === undefined ? undefined : expressions.projection(ProjectionExpression),
    limit: Limit ?? Number.POSITIVE_INFINITY,
    countsOnly: Select === 'COUNT',
  };
}

/** @param endsAfter entries after which this page ends for no reason but its own */
export function pageOf(
  found: Iterable<Met>,
  spec: PageSpec,
  endsAfter: number,
): { readonly answer: object; readonly bytesRead: number } {
  const { expressions, filter, projection } = spec;
  const { meanings } = expressions;
  const items: Item[] = [];
  let [met, looked, bytes] = [0, 0, 0];
  let LastEvaluatedKey: Item | undefined;
  for (const { item, key } of found) {
    met += 1;
    if (item !== undefined) {
      looked += 1;
      bytes += itemBytes(item);
      if (filter === undefined || holds(filter, { item, ...meanings })) {
        items.push(projection === undefined ? item : projected(item, projection, meanings.names));
      }
    }
    if (looked < spec.limit && bytes <= PAGE_BYTES_MAX && met < endsAfter) continue;
    LastEvaluatedKey = key();
    break;
  }
  const counts = { Count: items.length, ScannedCount: looked };
  const answer = {
    ...(!spec.countsOnly && { Items: items }),
    ...counts,
    ...(LastEvaluatedKey && { LastEvaluatedKey }),
  };
  return { answer, bytesRead: bytes };
}
