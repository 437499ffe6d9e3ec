/** What an element holds: text, elements by name, or (as the value of a name) several of that name. */
export type Xml = string | number | boolean | undefined | { readonly [name: string]: Xml | readonly Xml[] };

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A whole document whose root has this name. Elements that are undefined are left out. */
export function document(root: string, content: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${render(content)}</${root}>`;
}

function render(content: Xml): string {
  if (typeof content !== 'object') return escaped(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one: Xml) => [name, one] as const))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${render(value)}</${name}>`)
    .join('');
}

/** A control character would make the document unreadable, so it goes as a reference, as S3 sends it. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"\p{Cc}]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** The text of the first element of this name; enough for the few settings that come as XML. */
export function textOf(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(xml) ?? [];
  return text?.trim();
}
