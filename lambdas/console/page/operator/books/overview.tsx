/** The books in a few lines, and where to go from there. */
export function Overview() {
  return <div class="columns" />;
}
