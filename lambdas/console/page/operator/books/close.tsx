/** Closing a tenant's month, once it is seen what will be sealed. */
export function Close() {
  return <div class="columns" />;
}
