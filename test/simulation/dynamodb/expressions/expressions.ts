import { normal, type Value } from '../attribute-value.ts';
import { invalid } from '../refusals.ts';
import { parseCondition } from './condition-parser.ts';
import { checkOperands, checkSource } from './operand-check.ts';
import { parseProjection } from './projection-parser.ts';
import type { Condition, Parsed, Path, Update } from './syntax.ts';
import type { ExpressionKind } from './token-reader.ts';
import { checkOverlaps, touchedBy } from './update.ts';
import { parseUpdate } from './update-parser.ts';
import type { Scope } from './values.ts';

/** The part of a request that gives meaning to its placeholders. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, Value> | undefined;
}

/** Every expression is read once in a process; the product has a few dozen. */
const conditions = new Map<string, Parsed<Condition>>();
const updates = new Map<string, Parsed<Update>>();
const projections = new Map<string, Parsed<readonly Path[]>>();

/** The expressions of one request, checked as DynamoDB checks them: placeholders defined, and none for nothing. */
export class Expressions {
  readonly meanings: Omit<Scope, 'item'>;
  readonly #used = new Set<string>();
  #count = 0;

  constructor({ ExpressionAttributeNames: names, ExpressionAttributeValues: values }: Placeholders) {
    for (const [field, given] of Object.entries({
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    })) {
      if (given !== undefined && Object.keys(given).length === 0) throw invalid(`${field} must not be empty`);
    }
    this.meanings = { names, values: values && normalValues(values) };
  }

  condition(kind: ExpressionKind, text: string): Condition {
    const key = `${kind} ${text}`;
    const { meaning } = this.#read(kind, conditions, key, () => parseCondition(kind, text));
    checkOperands(kind, meaning, this.meanings);
    return meaning;
  }

  update(text: string): Update {
    const { meaning } = this.#read('UpdateExpression', updates, text, () => parseUpdate(text));
    checkOverlaps(touchedBy(meaning), this.meanings.names);
    for (const { source } of meaning.set) checkSource(source, this.meanings);
    for (const { value } of meaning.add) {
      if (this.meanings.values?.[value]?.N !== undefined) continue;
      throw invalid(
        'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: not a number',
      );
    }
    return meaning;
  }

  projection(text: string): readonly Path[] {
    const { meaning } = this.#read('ProjectionExpression', projections, text, () => parseProjection(text));
    checkOverlaps(meaning, this.meanings.names);
    return meaning;
  }

  /** To be called once every expression of the request has been read. */
  checkAllUsed(): void {
    for (const [field, given] of [
      ['ExpressionAttributeNames', this.meanings.names],
      ['ExpressionAttributeValues', this.meanings.values],
    ] as const) {
      if (given === undefined) continue;
      if (this.#count === 0) throw invalid(`${field} can only be specified when using expressions`);
      const unused = Object.keys(given).filter((name) => !this.#used.has(name));
      if (unused.length > 0) throw invalid(`Value provided in ${field} unused in expressions: keys: {${unused}}`);
    }
  }

  #read<Meaning>(
    kind: ExpressionKind,
    cache: Map<string, Parsed<Meaning>>,
    key: string,
    parse: () => Parsed<Meaning>,
  ): Parsed<Meaning> {
    let parsed = cache.get(key);
    if (parsed === undefined) {
      parsed = parse();
      cache.set(key, parsed);
    }
    for (const name of parsed.names) {
      if (this.meanings.names?.[name] === undefined) {
        throw invalid(
          `Invalid ${kind}: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
        );
      }
      this.#used.add(name);
    }
    for (const name of parsed.values) {
      if (this.meanings.values?.[name] === undefined) {
        throw invalid(
          `Invalid ${kind}: An expression attribute value used in expression is not defined; attribute value: ${name}`,
        );
      }
      this.#used.add(name);
    }
    this.#count += 1;
    return parsed;
  }
}

function normalValues(values: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, normal(value)]));
}
