import { expect, it } from 'vitest';
import { pageFile } from '../../lambdas/console/page-files.ts';
import { consoleRoutes } from '../../lambdas/console/routes.ts';
import { nobody } from '../../lambdas/http/authenticate.ts';
import { createRouter } from '../../lambdas/http/router.ts';
import { httpRequest } from '../support/http-requests.ts';
import { TelemetryLog } from '../support/telemetry-log.ts';

const document = pageFile('text/html', '<p>');
const files = new Map([['a-1.js', pageFile('text/javascript', 'let a;')]]);
const router = createRouter(consoleRoutes(document, files), nobody, new TelemetryLog());

it('hands out the document and the files it knows', async () => {
  const answers = await Promise.all(
    ['/console', '/console/a-1.js', '/console/b-2.js'].map((path) => router(httpRequest('GET', path))),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
  expect(answers.slice(0, 2).map(({ body }) => Buffer.from(body).toString())).toEqual(['<p>', 'let a;']);
});

it('sends whoever asks with a slash at the end to where the page works', async () => {
  const { status, headers } = await router(httpRequest('GET', '/console/'));
  expect([status, headers['location']]).toEqual([308, '../console']);
});
