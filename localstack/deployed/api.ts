import { CREDENTIALS, emulatorEndpoint, REGION } from './endpoint.ts';

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Calls a service of the emulator that none of our functions uses, and for which we bring no SDK. The request names its
 * service as a signed one does, by which emulators tell services apart, and is not signed: AWS would refuse it. Throws what it answered
 * unless that is a success.
 */
export async function callService(endpoint: string, service: string, call: Call): Promise<Response> {
  const scope = `${CREDENTIALS.accessKeyId}/20260101/${REGION}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
  const { method = 'POST', path = '/', headers = {}, body } = call;
  const response = await fetch(`${emulatorEndpoint(endpoint)}${path}`, {
    method,
    headers: { authorization, 'x-amz-date': '20260101T000000Z', ...headers },
    ...(body !== undefined && { body }),
  });
  if (response.ok) return response;
  throw new Error(`${service} answered ${method} ${path} with ${response.status}: ${await response.text()}`);
}

/** Calls a service that takes an action and its parameters as a form, and answers in XML. */
export async function queryService(
  endpoint: string,
  service: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(parameters).toString();
  return (await callService(endpoint, service, { headers, body })).text();
}

/** Calls a service that takes its action in a header, and speaks JSON. */
export async function jsonService(endpoint: string, service: string, target: string, input: object): Promise<unknown> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  return (await callService(endpoint, service, { headers, body: JSON.stringify(input) })).json();
}
