/** Whether the service is alive, ready and up to date. */
export function Health() {
  return <div class="columns" />;
}
