import { UnreadableRequest } from './access.ts';

/** Words of DynamoDB's expressions that name no attribute: keywords in any case, functions before a parenthesis. */
const KEYWORDS = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN', 'SET', 'REMOVE', 'ADD', 'DELETE']);

/** A name, placeholder, value, number (an index, which is always inside brackets) or any other character. */
const TOKEN = /[#:]?[A-Za-z_][A-Za-z0-9_]*|[#:][A-Za-z0-9_]+|\d+|\S/g;

export type Names = Readonly<Record<string, string>>;

/**
 * The top-level attributes an expression touches, placeholders resolved (DynamoDB Developer Guide, "Specifying item
 * attributes when using expressions"): of `a.b[0]` that is `a`. Throws an `UnreadableRequest` for a placeholder without a name.
 */
export function attributesOf(expression: string, names: Names = {}): string[] {
  const tokens = tokensOf(expression);
  return tokens.flatMap((token, at) => {
    if (!/^[#A-Za-z_]/.test(token) || tokens[at - 1] === '.' || tokens[at + 1] === '(') return [];
    if (KEYWORDS.has(token.toUpperCase())) return [];
    return [resolved(token, names)];
  });
}

/** The placeholders of all values that a key condition demands an attribute to equal. */
export function equalValues(expression: string, attribute: string, names: Names = {}): string[] {
  const tokens = tokensOf(expression);
  const isAttribute = (token: string) => isName(token) && resolved(token, names) === attribute;
  return tokens.flatMap((token, at) => {
    const [left = '', right = ''] = [tokens[at - 1], tokens[at + 1]];
    if (token !== '=') return [];
    if (isValue(right) && isAttribute(left)) return [right];
    return isValue(left) && isAttribute(right) ? [left] : [];
  });
}

function tokensOf(expression: string): string[] {
  return expression.match(TOKEN) ?? [];
}

function isValue(token: string): boolean {
  return token.startsWith(':');
}

function isName(token: string): boolean {
  return /^[#A-Za-z_]/.test(token);
}

function resolved(token: string, names: Names): string {
  if (!token.startsWith('#')) return token;
  const name = Object.hasOwn(names, token) ? names[token] : undefined;
  if (name === undefined) throw new UnreadableRequest(`the placeholder ${token} stands for nothing`);
  return name;
}
