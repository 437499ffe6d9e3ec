import type { Parsed, Path, Source, Update } from './syntax.ts';
import { TokenReader } from './token-reader.ts';

const CLAUSES = ['SET', 'ADD', 'REMOVE', 'DELETE'] as const;

/** "Using update expressions in DynamoDB", Developer Guide: each clause once, in any order. DELETE is for sets, which are not simulated. */
export function parseUpdate(text: string): Parsed<Update> {
  const reader = new TokenReader('UpdateExpression', text);
  const [set, add, remove]: [Update['set'][number][], Update['add'][number][], Path[]] = [[], [], []];
  const seen = new Set<string>();
  while (reader.peek().kind !== 'end') {
    const clause = CLAUSES.find((each) => reader.takeKeyword(each));
    if (clause === undefined) throw reader.syntaxError();
    if (clause === 'DELETE') throw new TypeError('DELETE is not simulated.');
    if (seen.has(clause))
      throw reader.refusal(`The "${clause}" section can only be used once in an update expression;`);
    seen.add(clause);
    do {
      const path = reader.path();
      if (clause === 'REMOVE') remove.push(path);
      else if (clause === 'ADD') add.push({ path, value: reader.value() });
      else {
        reader.expectSymbol('=');
        set.push({ path, source: sum(reader) });
      }
    } while (reader.takeSymbol(','));
  }
  return { meaning: { set, add, remove }, names: reader.names, values: reader.values };
}

/** One sum or difference at most: `a + b + c` is none of DynamoDB's. */
function sum(reader: TokenReader): Source {
  const left = source(reader);
  for (const kind of ['+', '-'] as const) if (reader.takeSymbol(kind)) return { kind, left, right: source(reader) };
  return left;
}

function source(reader: TokenReader): Source {
  if (reader.takeCall('if_not_exists')) {
    const path = reader.path();
    reader.expectSymbol(',');
    const otherwise = source(reader);
    reader.expectSymbol(')');
    return { kind: 'if_not_exists', path, otherwise };
  }
  if (reader.takeCall('list_append')) {
    const first = source(reader);
    reader.expectSymbol(',');
    const second = source(reader);
    reader.expectSymbol(')');
    return { kind: 'list_append', first, second };
  }
  if (reader.peek().kind === 'value') return { kind: 'value', name: reader.value() };
  return { kind: 'path', path: reader.path() };
}
