import { createHash } from 'node:crypto';
import { escaped } from '../../http/html.ts';
import type { ApiContent, ApiDocument, ApiOperation, ApiReference, ApiResponse } from '../api-document.ts';
import { FieldLists } from './fields.ts';
import { codeBlock, paragraphs, prose } from './html.ts';
import { style } from './style.ts';

const hash = createHash('sha256').update(style).digest('base64');

/** Lets the page do nothing but show itself in its own style. */
export const PAGE_SECURITY_POLICY = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** How to set what the commands take from the reader's shell, with the development stack's own values. */
const SETTINGS = `# The development stack; elsewhere https://{id}.execute-api.{region}.amazonaws.com/{stage}
API=http://127.0.0.1:3000
# Printed when the development stack starts
TENANT_TOKEN=...
ADMIN_TOKEN=...
# A webhook key, for what a provider sends
KEY_ID=whk_alpha_meterco
KEY_SECRET=whsec_dev_alpha_meterco_1`;

/** The document as one HTML page: no script, and nothing to load. */
export function renderPage(document: ApiDocument): string {
  const { info, tags, paths, components } = document;
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = tags.map((tag) => ({
    ...tag,
    listed: all.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  const fields = new FieldLists(components.schemas);
  const sections = groups.map(
    ({ name, description, listed }) => `<section aria-labelledby="${name}">
<h2 id="${name}">${escaped(name)}</h2>
${paragraphs(description)}
${listed.map((one) => article(one, document, fields)).join('\n')}
</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)} API</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the operations</a>
<header>
<h1>${escaped(info.title)} API</h1>
<p><small>Version ${escaped(info.version)}, ${escaped(info.license.name)}</small></p>
${paragraphs(info.description)}
<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>
</header>
<nav aria-label="Operations">
${groups.map(({ name, listed }) => `<h2 class="label">${escaped(name)}</h2>\n<ul>${listed.map(entry).join('')}</ul>`).join('\n')}
</nav>
<main id="main" tabindex="-1">
<section aria-labelledby="start">
<h2 id="start">Before you start</h2>
<p>Every command below can be run as it stands once these are set:</p>
${codeBlock(SETTINGS, 'Settings for the commands')}
<h3 class="label">Credentials</h3>
<dl>${Object.entries(components.securitySchemes)
    .map(
      ([name, scheme]) =>
        `<dt><code>${escaped(name)}</code> <small>header <code>${escaped(scheme.name ?? 'Authorization')}</code></small></dt><dd>${prose(scheme.description)}</dd>`,
    )
    .join('')}</dl>
<h3 class="label">Refusals</h3>
${fields.value({ $ref: '#/components/schemas/Problem' })}
</section>
${sections.join('\n')}
</main>
<footer><p>Made from the schemas that check the requests.</p></footer>
</body>
</html>
`;
}

interface Listed {
  readonly path: string;
  readonly method: string;
  readonly operation: ApiOperation;
}

function title({ method, path }: Listed): string {
  return `<span class="method ${method}">${method.toUpperCase()}</span><code>${escaped(path)}</code>`;
}

function entry(listed: Listed): string {
  return `<li><a href="#${listed.operation.operationId}">${title(listed)}</a> <small>${prose(listed.operation.summary)}</small></li>`;
}

function article(listed: Listed, { components }: ApiDocument, fields: FieldLists): string {
  const { operationId, summary, description, security, parameters, requestBody, responses } = listed.operation;
  const answers = Object.entries(responses).map(
    ([status, response]) => [status, resolved(response, components.responses)] as const,
  );
  const [successes, refusals] = [
    answers.filter(([status]) => status < '400'),
    answers.filter(([status]) => status >= '400'),
  ];
  const credentials = security.map((together) => Object.keys(together).map(literal).join(' with ')).join(', or ');
  return `<article aria-labelledby="${operationId}">
<h3 id="${operationId}"><a href="#${operationId}">${title(listed)}</a></h3>
<p><strong>${prose(summary)}</strong></p>
${paragraphs(description)}
<p>Credential: ${credentials === '' ? 'none' : credentials}</p>
<div class="sides">
<div>
${parameters.length === 0 ? '' : `<h4 class="label">Parameters</h4><dl>${parameters.map((one) => fields.field(one.name, { ...one.schema, description: one.description }, one.required)).join('')}</dl>`}
${requestBody === undefined ? '' : bodies('Body', requestBody.content, fields)}
${successes.map(([status, { description, content }]) => `${bodies(`Answer ${status}`, content, fields, description)}`).join('\n')}
<h4 class="label">Refusals</h4>
<dl>${refusals.map(([status, refusal]) => `<dt>${status}</dt><dd>${prose(refusal.description)}</dd>`).join('')}</dl>
</div>
<div>
${examples(listed.operation, answers)}
</div>
</div>
</article>`;
}

function bodies(heading: string, content: ApiContent, fields: FieldLists, description?: string): string {
  const parts = Object.entries(content).map(
    ([type, { schema }]) => `<p><small>${escaped(type)}</small></p>${fields.value(schema)}`,
  );
  return `<h4 class="label">${heading}</h4>${description === undefined ? '' : `<p>${prose(description)}</p>`}${parts.join('')}`;
}

/** Each command with what it is answered. */
function examples(operation: ApiOperation, answers: readonly (readonly [string, ApiResponse])[]): string {
  const answered = answers.flatMap(([status, { content }]) =>
    Object.values(content).flatMap(({ examples: named }) =>
      Object.values(named).map(({ summary, value }) => ({ status, summary, value })),
    ),
  );
  const shown = operation['x-codeSamples'].map(({ label, source }) => {
    const answer = answered.find(({ summary }) => summary === label);
    const text = typeof answer?.value === 'string' ? answer.value : JSON.stringify(answer?.value, undefined, 2);
    return `<h4 class="label">${prose(label)}</h4>
${codeBlock(source, `Command: ${label}`)}
<p><small>Answer ${answer?.status}</small></p>
${codeBlock(text, `Answer: ${label}`)}`;
  });
  return shown.join('\n');
}

function literal(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

function resolved(
  response: ApiResponse | ApiReference,
  components: Readonly<Record<string, ApiResponse>>,
): ApiResponse {
  if (!('$ref' in response)) return response;
  const found = components[response.$ref.slice('#/components/responses/'.length)];
  if (found === undefined) throw new Error(`The document refers to ${response.$ref}, which it lacks.`);
  return found;
}
