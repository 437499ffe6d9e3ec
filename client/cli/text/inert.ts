/**
 * What a terminal acts on instead of showing it: control characters (escape sequences begin with one), invisible format
 * characters (bidirectional overrides reorder what stands around them), lone surrogates, line and paragraph separators.
 */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text on one line, with all that could act on a terminal spelled out, like `\u{1b}`. */
export function inert(text: string): string {
  return text.replaceAll(ACTIVE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
