/** What each metric costs, and from when. */
export function Prices() {
  return <div class="columns" />;
}
