export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export interface Tampered {
  /** Where, as `proof.entry.postings.0.account`. */
  readonly path: string;
  readonly document: Json;
}

/** The document with one value changed, for every value in it; and with one element of a list gone, for every list. */
export function* tamperings(document: Json, path: readonly string[] = []): Generator<Tampered> {
  const at = (document: Json, name = '') => ({
    path: [...path, name].filter((part) => part !== '').join('.'),
    document,
  });
  if (Array.isArray(document)) {
    for (const [index, element] of document.entries()) {
      for (const inner of tamperings(element, [...path, String(index)])) {
        yield { ...inner, document: document.with(index, inner.document) };
      }
      yield at(document.toSpliced(index, 1), `without ${index}`);
    }
    return;
  }
  if (typeof document === 'object' && document !== null) {
    const fields = document as { readonly [name: string]: Json };
    for (const [name, value] of Object.entries(fields)) {
      for (const inner of tamperings(value, [...path, name])) {
        yield { ...inner, document: { ...fields, [name]: inner.document } };
      }
    }
    return;
  }
  for (const other of otherValues(document)) yield at(other);
}

/** Values of the same looks: another digit, another letter, another number. */
function otherValues(value: string | number | boolean | null | Json): Json[] {
  if (typeof value === 'number') return [value + 1];
  if (typeof value === 'boolean') return [!value];
  if (typeof value !== 'string') return ['x'];
  const changed = [...value].flatMap((char, index) => {
    const other = /\d/.test(char) ? String((Number(char) + 1) % 10) : char === 'a' ? 'b' : 'a';
    return [value.slice(0, index) + other + value.slice(index + 1)];
  });
  // Of a long text, its first, last and one middle character stand for all.
  return [...new Set([changed[0], changed.at(-1), changed[Math.floor(changed.length / 2)]])].filter(
    (text) => text !== undefined,
  );
}
