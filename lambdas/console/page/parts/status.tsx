/** A status code, in the colour of what it means. */
export function Status({ status }: { readonly status: number }) {
  return <span class={`chip ${tone(status)}`}>{status === 0 ? 'no answer' : status}</span>;
}

function tone(status: number): string {
  if (status >= 200 && status < 300) return 'good';
  return status === 0 || status >= 500 ? 'bad' : 'warn';
}
