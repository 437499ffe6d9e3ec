const matchers = new Map<string, RegExp>();

/** Whether the whole of `text` matches a pattern with `*` for any characters and `?` for one (IAM User Guide, "Resource"). */
export function matches(pattern: string, text: string): boolean {
  if (pattern === text || pattern === '*') return true;
  if (!/[*?]/.test(pattern)) return false;
  return matcher(pattern).test(text);
}

function matcher(pattern: string): RegExp {
  const known = matchers.get(pattern);
  if (known !== undefined) return known;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  const made = new RegExp(`^${source}$`);
  matchers.set(pattern, made);
  return made;
}
