import type { FuzzRequest } from './exchange.ts';

/** Headers that curl writes by itself. */
const OWN = new Set(['content-length', 'host', 'connection', 'accept-encoding', 'user-agent', 'transfer-encoding']);

/** Longer bodies are cut in a report: the seed makes them again. */
const BODY_MAX_BYTES = 2_000;

/** A shell command that sends the request to the stack at `$API`, byte for byte. */
export function curlCommand({ method, target, headers, body }: FuzzRequest): string {
  const sent = headers.filter(([name]) => !OWN.has(name.toLowerCase()));
  const options = [
    `-X ${method}`,
    ...sent.map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(body === undefined ? [] : ['--data-binary @-']),
  ];
  const command = `curl -sS -i --path-as-is "$API"${quoted(target)} ${options.join(' ')}`;
  if (body === undefined) return command;
  const cut = body.length > BODY_MAX_BYTES ? ` # the first ${BODY_MAX_BYTES} of ${body.length} bytes` : '';
  return `printf ${quoted(octal(body.subarray(0, BODY_MAX_BYTES)))} | ${command}${cut}`;
}

/** As printf reads it: what is not printable ASCII as three octal digits. */
function octal(bytes: Buffer): string {
  return [...bytes]
    .map((byte) => {
      if (byte === 0x5c) return '\\\\';
      if (byte === 0x25) return '%%';
      return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
    })
    .join('');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
