import { notFound } from './problem.ts';

/** Whether a path is one of a pattern whose `{name}` segments stand for anything. */
export function matchesPath(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length && pattern.every((part, index) => isParameter(part) || part === segments[index])
  );
}

/** The `{name}` parts of a path that matches the pattern, decoded once. Throws a 404 for one that can't be decoded. */
export function pathParameters(pattern: readonly string[], segments: readonly string[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [index, part] of pattern.entries()) {
    if (isParameter(part)) parameters.set(part.slice(1, -1), decoded(segments[index] ?? ''));
  }
  return parameters;
}

function isParameter(part: string): boolean {
  return part.startsWith('{');
}

/** A segment that is not well encoded names nothing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound();
  }
}
