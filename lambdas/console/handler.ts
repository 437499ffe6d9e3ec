import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../clock.ts';
import { readEnvironment } from '../environment.ts';
import { nobody } from '../http/authenticate.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter } from '../http/router.ts';
import { plainTelemetry } from '../plain-telemetry.ts';
import { documentOf } from './document.ts';
import { pageFile, readPageFiles } from './page-files.ts';
import { consoleRoutes } from './routes.ts';

const { STAGE: stage } = readEnvironment(['STAGE']);
const telemetry = plainTelemetry(systemClock, { stage, service: 'console' });

/** The built page, which lies beside this function's code (lib/console-page.ts). */
const folder = fileURLToPath(new URL('page/', import.meta.url));
const html = documentOf(stage, readFileSync(`${folder}/index.html`, 'utf8'));
const document = pageFile('text/html; charset=utf-8', html);

const router = createRouter(consoleRoutes(document, readPageFiles(`${folder}/console`)), nobody, telemetry);

/** Serves the console's page; it may do nothing else. */
export const handler = lambdaHandler(router, telemetry);
