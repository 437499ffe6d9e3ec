import type * as z from 'zod';
import { REQUEST_ID_HEADER } from '../http/headers.ts';
import { problemDocument } from '../http/problem.ts';
import { routes } from '../http/routes.ts';
import type { ApiExamples, ApiOperation, ApiParameter, ApiReference, ApiResponse } from './api-document.ts';
import { securityOf } from './credentials.ts';
import { curlCommand } from './curl.ts';
import { type JsonSchema, SchemaWriter } from './json-schema.ts';
import { type Example, type Operation, problemsOf } from './operation.ts';
import { headerReferences, problemComponent, problemResponse, problemSchema } from './problems.ts';

/** JSON is the type of a body that names none. */
const JSON_TYPE = 'application/json';

/** A request that is malformed would be no example of its schema. */
const MALFORMED = 400;

/** Turns operations into OpenAPI's, and keeps the components they share. */
export class OperationWriter {
  readonly #writer = new SchemaWriter();
  readonly #problem = this.#writer.write(problemSchema);
  /** Of what operations were written so far. */
  readonly responses: Record<string, ApiResponse> = {};

  get schemas(): Readonly<Record<string, JsonSchema>> {
    return this.#writer.components;
  }

  write(operation: Operation): ApiOperation {
    const { id, tag, summary, description, access, method, route, body, examples } = operation;
    return {
      operationId: id,
      tags: [tag],
      summary,
      description,
      security: securityOf(operation),
      parameters: [
        ...this.#parameters('path', operation.path, examples),
        ...this.#parameters('query', operation.query, examples),
        ...this.#parameters('header', operation.headers, examples),
      ],
      ...(body !== undefined && {
        requestBody: { required: body.required, content: this.#requests(body.content, examples) },
      }),
      responses: { ...this.#successes(operation), ...this.#refusals(operation) },
      'x-codeSamples': examples.map((example) => ({
        lang: 'shell',
        label: example.summary,
        source: curlCommand(method, routes[route].path, access, example),
      })),
    };
  }

  #parameters(
    place: ApiParameter['in'],
    schema: z.ZodObject | undefined,
    examples: readonly Example[],
  ): ApiParameter[] {
    if (schema === undefined) return [];
    const { properties, required = [] } = this.#writer.write(schema) as unknown as ObjectSchema;
    return Object.entries(properties).map(([name, { description, ...property }]) => {
      const given = examples.map(({ parameters, headers }) => (place === 'header' ? headers : parameters)?.[name]);
      const sent = given.find((value) => value !== undefined);
      const example = property['type'] === 'integer' ? Number(sent) : sent;
      return {
        ...{ name, in: place, required: required.includes(name), description, schema: property },
        ...(sent !== undefined && example !== undefined && { example }),
      };
    });
  }

  #requests(content: Readonly<Record<string, z.ZodType>>, examples: readonly Example[]) {
    const entries = Object.entries(content).map(([type, schema]) => {
      const sent = examples.filter(({ body, contentType = JSON_TYPE }) => body !== undefined && contentType === type);
      const valid = sent.filter(({ status }) => status !== MALFORMED);
      const values = valid.map(({ name, summary, body }) => [name, { summary, value: body }]);
      return [
        type,
        { schema: this.#writer.write(schema), examples: Object.fromEntries(values) as ApiExamples },
      ] as const;
    });
    return Object.fromEntries(entries);
  }

  #successes({ answers, examples }: Operation): Record<string, ApiResponse> {
    const entries = Object.entries(answers).map(([status, success]) => {
      const { description, contentType = JSON_TYPE, schema, headers = [] } = success;
      const content = { schema: this.#writer.write(schema), examples: answersOf(examples, Number(status)) };
      const response = {
        description,
        headers: headerReferences([REQUEST_ID_HEADER, ...headers]),
        content: { [contentType]: content },
      };
      return [status, response] as const;
    });
    return Object.fromEntries(entries);
  }

  /** The refusals by status: as a reference where the operation has no example of its own. */
  #refusals(operation: Operation): Record<string, ApiResponse | ApiReference> {
    const byStatus: Record<string, ApiResponse | ApiReference> = {};
    for (const kind of problemsOf(operation)) {
      const { status } = problemDocument(kind, '', '');
      if (operation.examples.some((example) => example.status === status)) {
        byStatus[status] = problemResponse(kind, this.#problem, answersOf(operation.examples, status));
      } else {
        const name = problemComponent(kind);
        this.responses[name] ??= problemResponse(kind, this.#problem);
        byStatus[status] = { $ref: `#/components/responses/${name}` };
      }
    }
    return byStatus;
  }
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, JsonSchema & { readonly description: string }>>;
  readonly required?: readonly string[];
}

function answersOf(examples: readonly Example[], status: number): ApiExamples {
  const answered = examples.filter((example) => example.status === status);
  return Object.fromEntries(answered.map(({ name, summary, answer }) => [name, { summary, value: answer }]));
}
