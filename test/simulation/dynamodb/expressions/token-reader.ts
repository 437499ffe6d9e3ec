import { invalid } from '../refusals.ts';
import { isReserved } from './reserved-words.ts';
import type { Path } from './syntax.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Which expression of a request it is, as AWS's messages name it. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** Walks over an expression's tokens; what it does not understand is a ValidationException. */
export class TokenReader {
  readonly names = new Set<string>();
  readonly values = new Set<string>();
  readonly #kind: ExpressionKind;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(kind: ExpressionKind, text: string) {
    this.#kind = kind;
    if (text.trim() === '') throw this.refusal('The expression can not be empty;');
    const tokens = tokensOf(text);
    if (tokens === undefined) throw this.refusal('Syntax error; it has a character of no expression');
    this.#tokens = tokens;
  }

  refusal(message: string): Error {
    return invalid(`Invalid ${this.#kind}: ${message}`);
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  isSymbol(text: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === text;
  }

  /** Steps over the symbol if it is next. */
  takeSymbol(text: string): boolean {
    const is = this.isSymbol(text);
    if (is) this.#at += 1;
    return is;
  }

  expectSymbol(text: string): void {
    if (!this.takeSymbol(text)) throw this.syntaxError();
  }

  isKeyword(keyword: string): boolean {
    const token = this.peek();
    return token.kind === 'word' && token.text.toUpperCase() === keyword;
  }

  /** Steps over the keyword, in whatever case, if it is next. */
  takeKeyword(keyword: string): boolean {
    const is = this.isKeyword(keyword);
    if (is) this.#at += 1;
    return is;
  }

  /** Steps over `name(` if that is next. */
  takeCall(name: string): boolean {
    const [token, after] = [this.peek(), this.peek(1)];
    if (token.kind !== 'word' || token.text !== name || after.text !== '(') return false;
    this.#at += 2;
    return true;
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') throw this.syntaxError();
  }

  value(): string {
    const token = this.next();
    if (token.kind !== 'value') throw this.syntaxError(token);
    this.values.add(token.text);
    return token.text;
  }

  path(): Path {
    const path: (string | number)[] = [this.#element()];
    for (;;) {
      if (this.takeSymbol('.')) path.push(this.#element());
      else if (this.takeSymbol('[')) {
        const token = this.next();
        if (token.kind !== 'number') throw this.syntaxError(token);
        path.push(Number(token.text));
        this.expectSymbol(']');
      } else return path;
    }
  }

  syntaxError(token = this.peek()): Error {
    return this.refusal(`Syntax error; token: "${token.text}"`);
  }

  #element(): string {
    const token = this.next();
    if (token.kind === 'name') this.names.add(token.text);
    else if (token.kind !== 'word') throw this.syntaxError(token);
    else if (isReserved(token.text)) {
      throw this.refusal(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    }
    return token.text;
  }
}
