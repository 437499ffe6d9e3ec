import { REQUEST_ID_HEADER, securityHeaders } from '../../../lambdas/http/headers.ts';
import { type ProblemHints, type ProblemKind, problemDocument, problemHeaders } from '../../../lambdas/http/problem.ts';
import { seedFile } from '../../../lambdas/secrets/seed-file.ts';
import { developmentTokens } from '../dev-tokens.ts';
import { developmentSecrets } from '../development.ts';

/** Without the stage. No template declares it, so no deployed stage has it. */
export const DEVELOPMENT_PATH = '/development';

/** By these names alone: a web page whose own name was made to lead to this machine comes by that one (DNS rebinding). */
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

interface DevelopmentRequest {
  readonly method: string | undefined;
  readonly host: string | undefined;
  readonly requestId: string;
}

interface DevelopmentAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Credentials of the development world for whoever sits at this machine: tokens signed with the secret that the stack has
 * now, which a rotation may have put there since it started, and the seeded webhook key. No page of another origin may read them.
 */
export async function developmentAnswer(request: DevelopmentRequest, secretsFile: string): Promise<DevelopmentAnswer> {
  const { method, host = '', requestId } = request;
  if (!LOOPBACK.test(host)) return refusal('forbidden', 'Ask for this by the name localhost or 127.0.0.1.', requestId);
  if (method !== 'GET') return refusal('method_not_allowed', 'Use GET here.', requestId, { allow: 'GET' });
  const { current } = await seedFile(secretsFile, 'jwt');
  const body = {
    tokens: await developmentTokens(current),
    tenants: { alpha: 'tenant_alpha', beta: 'tenant_beta' },
    webhook_key: { key_id: 'whk_alpha_meterco', secret: developmentSecrets.webhookKeys.whk_alpha_meterco.current },
  };
  return answer(200, body, requestId, { 'content-type': 'application/json' });
}

function refusal(kind: ProblemKind, detail: string, requestId: string, hints?: ProblemHints): DevelopmentAnswer {
  const document = problemDocument(kind, detail, requestId);
  return answer(document.status, document, requestId, problemHeaders(kind, hints));
}

function answer(
  statusCode: number,
  body: object,
  requestId: string,
  headers: Readonly<Record<string, string>>,
): DevelopmentAnswer {
  const common = { ...securityHeaders, [REQUEST_ID_HEADER]: requestId };
  return { statusCode, headers: { ...common, ...headers }, body: JSON.stringify(body) };
}
