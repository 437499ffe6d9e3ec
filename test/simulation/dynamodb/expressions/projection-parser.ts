import type { Parsed, Path } from './syntax.ts';
import { TokenReader } from './token-reader.ts';

/** "Using projection expressions in DynamoDB", Developer Guide. */
export function parseProjection(text: string): Parsed<readonly Path[]> {
  const reader = new TokenReader('ProjectionExpression', text);
  const paths = [reader.path()];
  while (reader.takeSymbol(',')) paths.push(reader.path());
  reader.expectEnd();
  return { meaning: paths, names: reader.names, values: reader.values };
}
