import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { document } from '../bucket/xml.ts';
import type { Denied } from './sentry.ts';

/** The services a door stands before. */
export type Service = 'dynamodb' | 'sqs' | 's3';

/** Answers as each service does when a policy denies a request: the status, the error's name and its form. */
export const refuse: Readonly<Record<Service, (response: ServerResponse, denied: Denied) => void>> = {
  dynamodb: (response, { message }) =>
    json(response, 400, { __type: 'com.amazon.coral.service#AccessDeniedException', Message: message }),
  sqs: (response, { message, isAboutKey }) => {
    const code = isAboutKey ? 'KMS.AccessDeniedException' : 'AccessDenied';
    const type = isAboutKey ? 'com.amazonaws.sqs#KmsAccessDenied' : 'com.amazon.coral.service#AccessDeniedException';
    response.setHeader('x-amzn-query-error', `${code};Sender`);
    json(response, isAboutKey ? 400 : 403, { __type: type, message });
  },
  s3: (response, { message }) => {
    const body = document('Error', { Code: 'AccessDenied', Message: message }).replace(/ xmlns="[^"]*"/, '');
    response.writeHead(403, {
      'content-type': 'application/xml',
      'content-length': Buffer.byteLength(body),
      'x-amz-request-id': randomUUID(),
    });
    response.end(response.req.method === 'HEAD' ? undefined : body);
  },
};

function json(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}
