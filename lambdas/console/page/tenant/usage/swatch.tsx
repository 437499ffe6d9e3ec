/** A colour of the chart. Its name stands beside it. */
export function Swatch({ colour }: { readonly colour: number }) {
  return <span class="swatch" style={{ background: `var(--series-${colour})` }} aria-hidden="true" />;
}
