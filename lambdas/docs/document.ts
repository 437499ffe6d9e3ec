import manifest from '../../package.json' with { type: 'json' };
import { routes } from '../http/routes.ts';
import type { ApiDocument, ApiOperation } from './api-document.ts';
import { headers, securitySchemes } from './credentials.ts';
import { OperationWriter } from './operation-writer.ts';
import { operations, tags } from './operations.ts';

const DESCRIPTION = [
  'Zerosum meters usage for multi-tenant SaaS and bills it: each usage event becomes one balanced double-entry journal ' +
    'entry, exactly once, whatever is retried, redelivered or killed.',
  'Amounts and quantities in answers are decimal texts, since a JavaScript number is not money. Every refusal is a ' +
    'problem document (RFC 9457). Fields may be added to answers: ignore those you do not know.',
].join('\n\n');

let built: ApiDocument | undefined;

/** The OpenAPI document of the API, built once a process and only when somebody asks. */
export function apiDocument(): ApiDocument {
  built ??= build();
  return built;
}

function build(): ApiDocument {
  const writer = new OperationWriter();
  const paths: Record<string, Record<string, ApiOperation>> = {};
  for (const operation of operations) {
    const { path } = routes[operation.route];
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: writer.write(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Zerosum',
      version: manifest.version,
      description: DESCRIPTION,
      license: { name: manifest.license, identifier: manifest.license },
    },
    servers: [{ url: '.', description: 'Where this document was read from, stage and all.' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: writer.schemas, responses: writer.responses, headers, securitySchemes },
  };
}
