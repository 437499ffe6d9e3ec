import { useEffect, useState } from 'preact/hooks';

/** What changes the tokens' colours while one looks. */
const QUERIES = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'];

/** A token as a canvas takes it: a colour, and not the formula it is written as. */
export function colourOf(token: string, within: HTMLElement): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  within.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Changes whenever the colours do: what is drawn on a canvas has to be drawn again. */
export function useScheme(): number {
  const [scheme, setScheme] = useState(0);
  useEffect(() => {
    const change = () => setScheme((count) => count + 1);
    const lists = QUERIES.map((query) => matchMedia(query));
    for (const list of lists) list.addEventListener('change', change);
    return () => {
      for (const list of lists) list.removeEventListener('change', change);
    };
  }, []);
  return scheme;
}
