/** Webhook and API keys: made, rotated and revoked. */
export function Keys() {
  return <div class="columns" />;
}
