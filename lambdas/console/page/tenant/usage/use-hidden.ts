import { useMemo } from 'preact/hooks';
import { useQuery } from '../../routing/use-query.ts';

/** Which layers are taken out of the stack: kept in the address, each name encoded, so that commas in it are its own. */
export function useHidden(): { readonly hidden: ReadonlySet<string>; readonly toggle: (id: string) => void } {
  const [text, setText] = useQuery('hidden');
  const hidden = useMemo(() => new Set(text === '' ? [] : text.split(',').map(decoded)), [text]);
  const toggle = (id: string): void => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setText([...next].map(encodeURIComponent).join(','));
  };
  return { hidden, toggle };
}

/** What was written into the address by hand may be no encoding at all. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
