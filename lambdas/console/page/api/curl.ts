import type { Call } from './call.ts';

/** What stands for a credential where it is not to be seen. */
const HIDDEN_TOKEN = '$ZEROSUM_TOKEN';

/**
 * The command that makes the same call, byte for byte, in a POSIX shell. Unless the token is to be seen, a variable
 * stands in its place: `export ZEROSUM_TOKEN=...` makes that run as well.
 */
export function curlOf(call: Call, showsToken: boolean): string {
  const { method, url, requestHeaders, requestBody, token } = showsToken ? call : withoutToken(call);
  const parts = [`curl -i ${method === 'GET' ? '' : `-X ${method} `}${quoted(url)}`];
  for (const [name, value] of Object.entries(requestHeaders)) {
    const hasVariable = name === 'authorization' && token === undefined;
    parts.push(hasVariable ? `-H "${name}: ${value}"` : `-H ${quoted(`${name}: ${value}`)}`);
  }
  if (requestBody !== undefined) parts.push(`--data-binary ${quoted(requestBody)}`);
  return parts.join(' \\\n  ');
}

/** The same call with the variable in the place of its credential: what may be kept. */
export function withoutToken(call: Call): Call {
  const { token, requestHeaders } = call;
  const { authorization } = requestHeaders;
  if (token === undefined || authorization === undefined) return call;
  // What was done to the token on purpose, such as garbling it, stays to be seen.
  const hidden = authorization.replace(token, () => HIDDEN_TOKEN);
  return { ...call, token: undefined, requestHeaders: { ...requestHeaders, authorization: hidden } };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
