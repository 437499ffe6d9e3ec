import type { ApiDocument, ApiResponse } from '../../lambdas/docs/api-document.ts';
import { FLAWED_METRICS, FLAWED_TENANTS } from './flawed-api.ts';

const refusal = { 'application/problem+json': { schema: { type: 'object' }, examples: {} } };

const text = { type: 'string', minLength: 1 };

/** What the tiny API says of itself. */
export const flawedDocument: ApiDocument = {
  openapi: '3.1.0',
  info: { title: 'Tiny', version: '1', description: '', license: { name: 'MIT', identifier: 'MIT' } },
  servers: [],
  tags: [],
  paths: {
    '/events': {
      post: operation('accept', 'tenantToken', {
        body: {
          ...{ type: 'object', required: ['tenant', 'metric', 'quantity', 'idempotency_key'] },
          properties: {
            tenant: { enum: FLAWED_TENANTS },
            metric: { enum: FLAWED_METRICS },
            quantity: { type: 'integer', minimum: 1 },
            idempotency_key: text,
          },
        },
        answers: {
          202: { accepted: { const: true }, event_id: { type: 'string' } },
          ...{ 400: undefined, 401: undefined, 409: undefined, 503: undefined },
        },
      }),
    },
    '/books': {
      get: operation('books', 'adminToken', {
        answers: { 200: { sum: { type: 'string' } }, 401: undefined, 403: undefined },
      }),
    },
  },
  components: {
    schemas: {},
    responses: {},
    headers: {},
    securitySchemes: {
      tenantToken: { description: '', ...{ type: 'http', scheme: 'bearer' } },
      adminToken: { description: '', ...{ type: 'http', scheme: 'bearer' } },
    },
  },
};

function operation(
  id: string,
  scheme: string,
  { body, answers }: { body?: object; answers: Record<number, object | undefined> },
): ApiDocument['paths'][string][string] {
  const responses = Object.entries(answers).map(([status, properties]): [string, ApiResponse] => [
    status,
    { description: '', headers: {}, content: properties === undefined ? refusal : content(properties) },
  ]);
  return {
    ...{ operationId: id, tags: [], summary: '', description: '', parameters: [], 'x-codeSamples': [] },
    security: [{ [scheme]: [] }],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: { ...body }, examples: {} } } },
    }),
    responses: Object.fromEntries(responses),
  };
}

function content(properties: object) {
  const schema = { type: 'object', properties, required: Object.keys(properties) };
  return { 'application/json': { schema, examples: {} } };
}
