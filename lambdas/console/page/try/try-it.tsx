/** For newcomers: what happens to a request, seen from both sides. */
export function TryIt() {
  return <div class="columns" />;
}
