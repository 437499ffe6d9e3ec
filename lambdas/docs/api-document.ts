import type { JsonSchema } from './json-schema.ts';

/** The parts of OpenAPI 3.1 that our document uses. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: Readonly<Record<string, ApiResponse>>;
    readonly headers: Readonly<Record<string, object>>;
    /** A bearer token has no name: its header is always the same. */
    readonly securitySchemes: Readonly<Record<string, { readonly description: string; readonly name?: string }>>;
  };
}

export interface ApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  /** Any of these is enough; each is the schemes that must be there together. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly ApiParameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: ApiContent };
  readonly responses: Readonly<Record<string, ApiResponse | ApiReference>>;
  readonly 'x-codeSamples': readonly { readonly lang: string; readonly label: string; readonly source: string }[];
}

export interface ApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example?: string | number;
}

export interface ApiResponse {
  readonly description: string;
  readonly headers: Readonly<Record<string, ApiReference>>;
  readonly content: ApiContent;
}

export type ApiContent = Readonly<Record<string, { readonly schema: JsonSchema; readonly examples: ApiExamples }>>;
export type ApiExamples = Readonly<Record<string, { readonly summary?: string; readonly value: unknown }>>;

export interface ApiReference {
  readonly $ref: string;
}
