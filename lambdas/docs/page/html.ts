import { escaped } from '../../http/html.ts';

/** One line of the document's prose: what stands in backticks is code. */
export function prose(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** Prose in paragraphs parted by an empty line. */
export function paragraphs(text: string): string {
  return text
    .split('\n\n')
    .map((paragraph) => `<p>${prose(paragraph)}</p>`)
    .join('\n');
}

/** A block of code, which scrolls by itself: so it takes the focus, and has a name to be announced by. */
export function codeBlock(code: string, label: string): string {
  return `<pre tabindex="0" role="region" aria-label="${escaped(label)}"><code>${escaped(code)}</code></pre>`;
}
