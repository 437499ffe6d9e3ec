/** Crediting or charging a tenant by hand. */
export function Adjustments() {
  return <div class="columns" />;
}
