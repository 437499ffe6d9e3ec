import { systemClock } from '../clock.ts';
import { readEnvironment } from '../environment.ts';
import { nobody } from '../http/authenticate.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter, publicRoute } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import { plainTelemetry } from '../plain-telemetry.ts';
import { apiDocument } from './document.ts';
import { PAGE_SECURITY_POLICY, renderPage } from './page/page.ts';

const environment = readEnvironment(['CORS_ORIGINS', 'STAGE']);
const browsers = { corsOrigins: environment.CORS_ORIGINS };
const telemetry = plainTelemetry(systemClock, { stage: environment.STAGE, service: 'docs' });

const router = createRouter(
  [
    publicRoute('GET', routes.openapi.path, async () => ({ status: 200, body: apiDocument() })),
    publicRoute('GET', routes.docs.path, async () => ({
      status: 200,
      contentType: 'text/html; charset=utf-8',
      text: renderPage(apiDocument()),
      headers: { 'content-security-policy': PAGE_SECURITY_POLICY, 'referrer-policy': 'no-referrer' },
    })),
  ],
  nobody,
  telemetry,
  browsers,
);

/** Serves the documentation; it may do nothing else. */
export const handler = lambdaHandler(router, telemetry);
