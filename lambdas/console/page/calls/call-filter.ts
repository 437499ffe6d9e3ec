import type { Call } from '../api/call.ts';

/** Whether a call was refused, failed or got no answer. */
export function isFailed({ status }: Call): boolean {
  return status === 0 || status >= 400;
}

/** Whether what was asked, query and all, holds a text: as it is sent, or as one reads it. */
export function isTo({ method, url }: Call, text: string): boolean {
  const { pathname, search } = new URL(url);
  const sent = `${method} ${pathname}${search}`;
  const wanted = text.trim().toLowerCase();
  return [sent, readable(sent)].some((form) => form.toLowerCase().includes(wanted));
}

function readable(sent: string): string {
  try {
    return decodeURIComponent(sent);
  } catch {
    // A percent sign that encodes nothing: it reads as it was sent.
    return sent;
  }
}
