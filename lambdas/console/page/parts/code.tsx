/** Text as it stands; it scrolls by itself, so it takes the focus. */
export function Code({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <figure class="scroller" tabIndex={0} aria-label={label}>
      <pre>
        <code>{text}</code>
      </pre>
    </figure>
  );
}
