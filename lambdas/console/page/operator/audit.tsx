/** Who did what, when and why. */
export function Audit() {
  return <div class="columns" />;
}
