import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../clock.ts';
import { readEnvironment } from '../environment.ts';
import { nobody } from '../http/authenticate.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { notFound } from '../http/problem.ts';
import type { HttpRequest } from '../http/request.ts';
import { type Answer, createRouter, publicRoute } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import { plainTelemetry } from '../plain-telemetry.ts';
import { acceptsGzip } from './content-coding.ts';
import { documentOf } from './document.ts';
import { documentHeaders, fileHeaders } from './headers.ts';
import { type PageFile, pageFile, readPageFiles } from './page-files.ts';

const { STAGE: stage } = readEnvironment(['STAGE']);
const telemetry = plainTelemetry(systemClock, { stage, service: 'console' });

/** The built page, which lies beside this function's code (lib/console-page.ts). */
const folder = fileURLToPath(new URL('page/', import.meta.url));
const html = documentOf(stage, readFileSync(`${folder}/index.html`, 'utf8'));
const document = pageFile('text/html; charset=utf-8', html);
const files = readPageFiles(`${folder}/console`);

const router = createRouter(
  [
    publicRoute('GET', routes.console.path, async ({ request }) => answerWith(document, documentHeaders, request)),
    publicRoute('GET', routes.consoleFile.path, async ({ request, parameters }) => {
      const file = files.get(parameters.get('file') ?? '');
      if (file === undefined) throw notFound();
      return answerWith(file, fileHeaders, request);
    }),
  ],
  nobody,
  telemetry,
);

/** Serves the console's page; it may do nothing else. */
export const handler = lambdaHandler(router, telemetry);

function answerWith(file: PageFile, headers: Readonly<Record<string, string>>, request: HttpRequest): Answer {
  const isGzipped = acceptsGzip(request.headers.get('accept-encoding'));
  return {
    status: 200,
    contentType: file.contentType,
    bytes: isGzipped ? file.gzipped : file.bytes,
    headers: { ...headers, vary: 'accept-encoding', ...(isGzipped && { 'content-encoding': 'gzip' }) },
  };
}
