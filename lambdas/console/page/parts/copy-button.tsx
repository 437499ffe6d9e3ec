import { useState } from 'preact/hooks';

/** Copies a text. Says so, or that the browser would not. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [said, setSaid] = useState<string>();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('The browser forbids copying: select the text');
    }
  };
  return (
    <button type="button" class="button" onClick={copy} onBlur={() => setSaid(undefined)}>
      <span aria-live="polite">{said ?? label}</span>
    </button>
  );
}
