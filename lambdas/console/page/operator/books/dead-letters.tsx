/** What could not be posted, and another try. */
export function DeadLetters() {
  return <div class="columns" />;
}
