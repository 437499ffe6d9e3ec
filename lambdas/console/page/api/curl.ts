import type { Call } from './call.ts';

/** What stands for a credential where it is not to be seen. */
const HIDDEN = '$ZEROSUM_TOKEN';

/**
 * The command that makes the same call, byte for byte, in a POSIX shell. Unless the token is to be seen, a variable
 * stands in its place: `export ZEROSUM_TOKEN=...` makes that run as well.
 */
export function curlOf({ method, url, requestHeaders, requestBody }: Call, showsToken: boolean): string {
  const parts = [`curl -i ${method === 'GET' ? '' : `-X ${method} `}${quoted(url)}`];
  for (const [name, value] of Object.entries(requestHeaders)) {
    const isHidden = name === 'authorization' && !showsToken;
    parts.push(isHidden ? `-H "authorization: Bearer ${HIDDEN}"` : `-H ${quoted(`${name}: ${value}`)}`);
  }
  if (requestBody !== undefined) parts.push(`--data-binary ${quoted(requestBody)}`);
  return parts.join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
