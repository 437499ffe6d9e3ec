import * as z from 'zod';
import { REQUEST_ID_HEADER } from '../http/headers.ts';
import { type FieldError, type ProblemKind, problemDocument, problemHeaders } from '../http/problem.ts';
import type { ApiExamples, ApiReference, ApiResponse } from './api-document.ts';
import type { JsonSchema } from './json-schema.ts';

/** A refusal, as any client may rely on it (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'Which kind of refusal this is: a stable URN.', format: 'uri' }),
    title: z.string().meta({ description: 'The kind in words, always the same.' }),
    status: z.int().min(400).max(599).meta({ description: 'The HTTP status, again.' }),
    detail: z.string().meta({ description: 'What was wrong with this request, and what to do next.' }),
    request_id: z
      .string()
      .meta({ description: `The same as the header ${REQUEST_ID_HEADER}: name it when you ask us.` }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .min(1)
      .optional()
      .meta({ description: 'Every field at fault.' }),
  })
  .meta({ id: 'Problem', description: 'A refusal as problem details (RFC 9457).' });

/** Each refusal in the words of the document, and an example's detail. */
const explained: Readonly<Record<ProblemKind, { description: string; detail: string }>> = {
  malformed: {
    description:
      'The request is not valid; `errors` names every field at fault. Nothing was kept: mend it and send it again.',
    detail: 'quantity: must be an integer from 1 to 1000000000000',
  },
  unauthenticated: {
    description: 'No valid credential: missing, malformed, expired, or of a kind this operation does not take.',
    detail: 'Send a valid token or API key as "Authorization: Bearer <it>".',
  },
  forbidden: {
    description: 'The credential is valid, but not for this.',
    detail: 'Only an administrator may do this.',
  },
  not_found: {
    description: 'Nothing here that this credential can see.',
    detail: 'There is nothing here that this credential can see.',
  },
  method_not_allowed: { description: 'Another method: `Allow` names those there are.', detail: 'Use POST here.' },
  conflict: {
    description: 'The id stands for something else already. Nothing was changed.',
    detail: 'This id stands for another payload: use a new one for a new event.',
  },
  key_revoked: {
    description: 'The key is revoked, and stays so: nothing of it can change any more.',
    detail: 'It was revoked at 2026-11-24T09:31:07.512Z, for good: issue another key.',
  },
  period_closed: {
    description: 'The month is closed, or another call is closing it right now. This call closed nothing.',
    detail: '2026-10 of tenant_alpha is closed already.',
  },
  precondition_failed: {
    description: 'It is not, or no longer, what `If-Match` or `If-None-Match` says. Nothing was changed.',
    detail:
      'It is not what If-Match names, or no longer: read it again, decide again, and send its ETag, quotes and all.',
  },
  too_large: {
    description: 'The body is larger than this operation takes.',
    detail: 'Send at most 262144 bytes in one request.',
  },
  unsupported_media: {
    description: 'The body is compressed, or of a type this operation does not take.',
    detail: 'Send the body uncompressed, without Content-Encoding.',
  },
  precondition_required: {
    description: 'It exists, and a change of it must say by `If-Match` which version it means. Nothing was changed.',
    detail:
      'Send If-Match with the ETag of what you mean to change, so that nobody overwrites what another has changed.',
  },
  throttled: {
    description: 'Too many requests: wait as long as `Retry-After` says. Nothing was kept.',
    detail: 'Slow down and try again.',
  },
  unavailable: {
    description: 'No answer for now. Wait as long as `Retry-After` says and send the same request again: it is safe.',
    detail: 'Send the same request again in a moment.',
  },
};

const REQUEST_ID = '5e0c8e0a-4f7e-4f5c-9a53-5d1f3a2b7c11';

/** A problem document as an example. */
export function problemExample(kind: ProblemKind, detail: string, errors: readonly FieldError[] = []): object {
  return problemDocument(kind, detail, REQUEST_ID, errors);
}

/** The name of the response component of a kind. */
export function problemComponent(kind: ProblemKind): string {
  return kind.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A refusal as an OpenAPI response, with an operation's own examples or the kind's. */
export function problemResponse(kind: ProblemKind, schema: JsonSchema, examples?: ApiExamples): ApiResponse {
  const { description, detail } = explained[kind];
  // API Gateway renames www-authenticate on its way out: the document does not promise it.
  const { 'content-type': contentType, 'www-authenticate': _, ...headers } = problemHeaders(kind);
  const errors = kind === 'malformed' ? [{ field: 'quantity', message: detail.slice('quantity: '.length) }] : [];
  const value = problemDocument(kind, detail, REQUEST_ID, errors);
  const { type, title, status } = value;
  const exactly = { properties: { type: { const: type }, title: { const: title }, status: { const: status } } };
  return {
    description,
    headers: headerReferences([REQUEST_ID_HEADER, ...Object.keys(headers)]),
    content: {
      [String(contentType)]: { schema: { allOf: [schema, exactly] }, examples: examples ?? { [kind]: { value } } },
    },
  };
}

/** References to the header components of these names. */
export function headerReferences(names: readonly string[]): Record<string, ApiReference> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
