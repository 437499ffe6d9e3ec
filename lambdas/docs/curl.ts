import type { Access, Example } from './operation.ts';

/** What the commands take from the reader's shell: the page tells how to set them. */
const credentials: Readonly<Record<Exclude<Access, 'webhook'>, readonly string[]>> = {
  public: [],
  tenant: ['"Authorization: Bearer $TENANT_TOKEN"'],
  admin: ['"Authorization: Bearer $ADMIN_TOKEN"'],
};

/** A shell command that sends an example; it needs `API`, and a token or the webhook key's id and secret. */
export function curlCommand(method: string, path: string, access: Access, example: Example): string {
  const target = `"$API${targetOf(path, example.parameters ?? {})}"`;
  const body = typeof example.body === 'string' ? example.body : JSON.stringify(example.body);
  const type = example.contentType === undefined ? [] : [`"Content-Type: ${example.contentType}"`];
  if (access === 'webhook') return signedCommand(target, body ?? '', type);
  const options = [
    ...[...credentials[access], ...type, ...headersOf(example)].map((header) => `-H ${header}`),
    ...(method === (body === undefined ? 'GET' : 'POST') ? [] : [`-X ${method}`]),
    ...(body === undefined ? [] : [`--data-binary ${quoted(body)}`]),
  ];
  return [`curl -sS ${target}`, ...options].join(' \\\n  ');
}

function headersOf({ headers = {} }: Example): string[] {
  return Object.entries(headers).map(([name, value]) => quoted(`${name}: ${value}`));
}

function signedCommand(target: string, body: string, type: readonly string[]): string {
  const headers = ['"X-Key-Id: $KEY_ID"', '"X-Timestamp: $NOW"', '"X-Signature: $SIGNATURE"', ...type];
  return [
    `BODY=${quoted(body)}`,
    'NOW=$(date +%s)',
    `SIGNATURE=$(printf %s "$NOW.$KEY_ID.$BODY" | openssl dgst -sha256 -hmac "$KEY_SECRET" | sed 's/^.* //')`,
    [`curl -sS ${target}`, ...headers.map((header) => `-H ${header}`), '--data-binary "$BODY"'].join(' \\\n  '),
  ].join('\n');
}

/** The path with its parameters put in, and the others as a query. */
function targetOf(path: string, parameters: Readonly<Record<string, string>>): string {
  const left = new Map(Object.entries(parameters));
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = left.get(name) ?? '';
    left.delete(name);
    return encoded(value);
  });
  const query = [...left].map(([name, value]) => `${name}=${encoded(value)}`).join('&');
  return query === '' ? filled : `${filled}?${query}`;
}

/** Percent-encoded, but for the colon of an event id, which is easier to read as it is. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
