import { compile } from 'json-schema-to-typescript';
import type { ApiDocument, ApiOperation, ApiResponse } from '../../lambdas/docs/api-document.ts';
import { apiDocument } from '../../lambdas/docs/document.ts';

const HEADER = `// Written by \`npm run client-types\` from the OpenAPI document: change the schemas in lambdas/, not this file.
`;

const LINE_WIDTH = 120;
const JSON_TYPE = 'application/json';

type Schema = Readonly<Record<string, unknown>>;

/** The client's types, as TypeScript: every schema of the document, and what each operation takes and answers. */
export async function clientTypes(document: ApiDocument = apiDocument()): Promise<string> {
  const operations = jsonOperations(document);
  const schemas: Record<string, Schema> = { ...document.components.schemas };
  const typeOf = (name: string, schema: Schema): string => {
    const known = knownTypeOf(schema);
    if (known === undefined) schemas[name] = schema;
    return known ?? name;
  };
  const types = operations.map((named) => `  ${named.operation.operationId}: ${typesOf(named.operation, typeOf)};`);
  const routes = operations.map(
    ({ operation, method, path }) => `  ${operation.operationId}: { method: '${method}', path: '${path}' },`,
  );
  return [
    HEADER,
    await compiled(schemas),
    '/** What each operation takes and answers, by its id in the document. */',
    'export interface Operations {',
    ...types,
    '}\n',
    '/** Where each operation is. */',
    'export const routes = {',
    ...routes,
    '} as const satisfies Record<keyof Operations, { method: string; path: string }>;\n',
  ].join('\n');
}

/** All but the pages for browsers. */
function jsonOperations(document: ApiDocument) {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return all.filter(({ operation }) => answersOf(operation).every(([, { content }]) => JSON_TYPE in content));
}

/** The answers that are no refusal, by status. */
function answersOf(operation: ApiOperation): [string, ApiResponse][] {
  return Object.entries(operation.responses).flatMap(([status, response]) =>
    '$ref' in response || Number(status) >= 400 ? [] : [[status, response]],
  );
}

function typesOf(operation: ApiOperation, typeOf: (name: string, schema: Schema) => string): string {
  const base = operation.operationId.replace(/^./, (letter) => letter.toUpperCase());
  const parameters = (place: 'path' | 'query' | 'header') =>
    operation.parameters.filter((parameter) => parameter.in === place);
  const inline = (place: 'path' | 'header') => {
    const fields = parameters(place).map(
      ({ name, required }) => `${/^\w+$/.test(name) ? name : `'${name}'`}${required ? '' : '?'}: string`,
    );
    return fields.length === 0 ? [] : [`${place}: { ${fields.join('; ')} }`];
  };
  const properties = parameters('query').map(({ name, description, schema }) => [name, { ...schema, description }]);
  const query = { type: 'object', properties: Object.fromEntries(properties) };
  const { requestBody } = operation;
  const sent = requestBody?.content[JSON_TYPE];
  const body = sent && [`body${requestBody?.required ? '' : '?'}: ${typeOf(`${base}Body`, sent.schema)}`];
  const answers = answersOf(operation).flatMap(([status, { content }]) => {
    const answer = content[JSON_TYPE];
    return answer === undefined ? [] : [`${status}: ${typeOf(`${base}Answer`, answer.schema)}`];
  });
  const asked = properties.length === 0 ? [] : [`query: ${typeOf(`${base}Query`, query)}`];
  const fields = [...inline('path'), ...asked, ...inline('header'), ...(body ?? [])];
  return `{ ${[...fields, `answers: { ${answers.join('; ')} }`].join('; ')} }`;
}

/** The name of a component, or of an array of one. */
function knownTypeOf(schema: Schema): string | undefined {
  const reference = schema['$ref'];
  if (typeof reference === 'string') return reference.split('/').at(-1);
  const items = schema['type'] === 'array' ? (schema['items'] as Schema)['$ref'] : undefined;
  return typeof items === 'string' ? `${items.split('/').at(-1)}[]` : undefined;
}

async function compiled(schemas: Readonly<Record<string, Schema>>): Promise<string> {
  const definitions = JSON.parse(
    JSON.stringify(schemas, (key, value) => (key === 'minItems' || key === 'maxItems' ? undefined : value)).replaceAll(
      '"#/components/schemas/',
      '"#/definitions/',
    ),
  );
  const written = await compile({ type: 'object', definitions }, 'Schemas', {
    additionalProperties: false,
    bannerComment: '',
    style: { printWidth: LINE_WIDTH, singleQuote: true },
    unknownAny: true,
    unreachableDefinitions: true,
  });
  return written
    .replace(/export interface Schemas \{\}\n/, '')
    .replace(/(?:^ \*\n)?^ \* This interface was referenced by [^\n]*\n \* via the `definition`[^\n]*\n/gm, '')
    .replace(/^\/\*\*\n \*\/\n/gm, '')
    .replace(/^( *)\/\*\*\n *\* ([^\n]*)\n *\*\/$/gm, '$1/** $2 */')
    .replace(/^(?=export )/gm, '\n')
    .replace(/(\*\/\n)\n(?=export )/g, '$1')
    .replace(/^(\/\*\* )/gm, '\n$1')
    .trim()
    .concat('\n');
}
