import { notFound } from '../http/problem.ts';
import type { HttpRequest } from '../http/request.ts';
import { type Answer, publicRoute, type Route } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import { acceptsGzip } from './content-coding.ts';
import { documentHeaders, fileHeaders } from './headers.ts';
import type { PageFile } from './page-files.ts';

/** From below itself back to the document, whatever stage it is under. */
const BACK_TO_DOCUMENT = `..${routes.console.path}`;

/** The document, and by name the files that it loads. */
export function consoleRoutes(document: PageFile, files: ReadonlyMap<string, PageFile>): Route[] {
  return [
    publicRoute('GET', routes.console.path, async ({ request }) =>
      // Some gateways take `/console/` for the same, from where every URL of the document would lead elsewhere.
      request.path.endsWith('/') ? backToDocument() : handOut(document, documentHeaders, request),
    ),
    publicRoute('GET', routes.consoleFile.path, async ({ request, parameters }) => {
      const file = files.get(parameters.get('file') ?? '');
      if (file === undefined) throw notFound();
      return handOut(file, fileHeaders, request);
    }),
  ];
}

function backToDocument(): Answer {
  return { status: 308, contentType: 'text/plain; charset=utf-8', text: '', headers: { location: BACK_TO_DOCUMENT } };
}

function handOut(file: PageFile, headers: Readonly<Record<string, string>>, request: HttpRequest): Answer {
  const isGzipped = acceptsGzip(request.headers.get('accept-encoding'));
  return {
    status: 200,
    contentType: file.contentType,
    bytes: isGzipped ? file.gzipped : file.bytes,
    headers: { ...headers, vary: 'accept-encoding', ...(isGzipped && { 'content-encoding': 'gzip' }) },
  };
}
