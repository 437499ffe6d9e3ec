/** A text that somebody else chose: it turns no text around it, and what is too long for its place shows when pointed at. */
export function Foreign({ text }: { readonly text: string }) {
  return (
    <bdi class="foreign" title={text}>
      {text}
    </bdi>
  );
}
