import { Agent, request } from 'node:http';

/** Every connection stays open: pollers alone hold several, and opening one costs more than a call. */
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** Any credential is right for an engine on this machine, but a request without one is not. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/local/aws4_request, SignedHeaders=host, Signature=0';
const SIGNED_AT = '20260101T000000Z';

/** What an engine refused: the error's type as AWS names it, such as `ResourceNotFoundException`. */
export class EngineError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(`${type}: ${message}`);
    this.type = type;
  }
}

/** The JSON protocol that DynamoDB and SQS speak, without the SDK: the parent needs six operations of it. */
export interface AwsJson {
  readonly endpoint: string;
  call(operation: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
}

/** @param service what stands before the operation in `X-Amz-Target`, such as `DynamoDB_20120810` */
export function awsJson(endpoint: string, service: string, version: '1.0' | '1.1' = '1.0'): AwsJson {
  const call = (operation: string, input: unknown, signal?: AbortSignal) =>
    post(endpoint, `${service}.${operation}`, `application/x-amz-json-${version}`, JSON.stringify(input), signal);
  return { endpoint, call };
}

function post(endpoint: string, target: string, type: string, body: string, signal?: AbortSignal): Promise<unknown> {
  const headers = {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-amz-target': target,
    authorization: AUTHORIZATION,
    'x-amz-date': SIGNED_AT,
  };
  return new Promise((fulfil, reject) => {
    const sent = request(endpoint, { method: 'POST', agent, headers, ...(signal && { signal }) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        try {
          fulfil(readAnswer(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
        } catch (error) {
          reject(error);
        }
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function readAnswer(status: number, text: string): unknown {
  const answer: unknown = text === '' ? {} : JSON.parse(text);
  if (status < 400) return answer;
  const {
    __type = `HTTP ${status}`,
    message,
    Message,
  } = answer as { __type?: string; message?: string; Message?: string };
  throw new EngineError(__type.split('#').at(-1) ?? __type, message ?? Message ?? 'no message');
}
