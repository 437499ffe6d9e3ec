/** Where in an item: attribute names, or their `#placeholders`, and places in lists. */
export type Path = readonly (string | number)[];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'size'; readonly of: Operand };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export const CONDITION_FUNCTIONS = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
} as const;

export type ConditionFunction = keyof typeof CONDITION_FUNCTIONS;

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly among: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: ConditionFunction; readonly operands: readonly Operand[] };

/** What SET may give to an attribute. */
export type Source =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: Source }
  | { readonly kind: 'list_append'; readonly first: Source; readonly second: Source }
  | { readonly kind: '+' | '-'; readonly left: Source; readonly right: Source };

export interface Update {
  readonly set: readonly { readonly path: Path; readonly source: Source }[];
  readonly add: readonly { readonly path: Path; readonly value: string }[];
  readonly remove: readonly Path[];
}

/** An expression read once: its meaning, and the placeholders in it. */
export interface Parsed<Meaning> {
  readonly meaning: Meaning;
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

export type Names = Readonly<Record<string, string>> | undefined;
