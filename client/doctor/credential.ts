import { parseApiKey } from '../../lambdas/domain/api-key.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { isAnswered, probe } from './probe.ts';
import { isLoopback } from './service.ts';

const [OK, BAD_REQUEST, UNAUTHORIZED, FORBIDDEN] = [200, 400, 401, 403];
const MS_PER_SECOND = 1_000;
const SECONDS_PER_MINUTE = 60;
/** Whoever begins a long import with it should know. */
const SOON_SECONDS = 3_600;

/** Whether there is a credential, whose it is, how long it is good, and whether the service takes it. Shows nothing of it. */
export async function checkCredential(url: string, token: string | undefined, isZerosum: boolean): Promise<Finding[]> {
  const cure = isLoopback(url)
    ? 'export ZEROSUM_TOKEN=$(npx zerosum token alpha)   (or beta, admin)'
    : 'npm run --silent token -- --tenant tenant_acme (or --admin), or an API key of your administrator.';
  if (token === undefined) return [warn('Credential', 'there is none in ZEROSUM_TOKEN', cure)];
  const key = parseApiKey(token);
  if (key !== undefined) {
    const found = ok('Credential', `API key ${key.keyId}`);
    return isZerosum ? [found, await scopesOf(url, token, cure)] : [found];
  }
  const claims = claimsOf(token);
  if (claims === undefined) {
    return [fail('Credential', `it is neither a token nor an API key (${token.length} characters)`, cure)];
  }
  const found = tokenFinding(claims, cure);
  if (!isZerosum || found.state === 'FAIL') return [found];
  return [found, await acceptedBy(url, token, claims, cure)];
}

type Claims = Readonly<Record<string, unknown>>;

function tokenFinding(claims: Claims, cure: string): Finding {
  const who = whoIs(claims);
  const { exp, nbf } = claims;
  const nowSeconds = Date.now() / MS_PER_SECOND;
  if (who === undefined) return fail('Credential', 'the token has no tenant_id and no admin: true', cure);
  if (typeof exp !== 'number') return fail('Credential', `token of ${who}, without exp: it is refused`, cure);
  if (exp <= nowSeconds) return fail('Credential', `token of ${who}, expired ${agoOf(nowSeconds - exp)} ago`, cure);
  if (typeof nbf === 'number' && nbf > nowSeconds) {
    return fail('Credential', `token of ${who}, not valid for another ${agoOf(nbf - nowSeconds)}`, 'Check the clock.');
  }
  const seen = `token of ${who}, good for ${agoOf(exp - nowSeconds)}`;
  return exp - nowSeconds < SOON_SECONDS
    ? warn('Credential', seen, `Get a new one in time: ${cure}`)
    : ok('Credential', seen);
}

function whoIs({ tenant_id: tenant, admin }: Claims): string | undefined {
  if (typeof tenant === 'string' && admin !== true) return `tenant ${tenant}`;
  return tenant === undefined && admin === true ? 'an administrator' : undefined;
}

async function acceptedBy(url: string, token: string, claims: Claims, cure: string): Promise<Finding> {
  const path = claims['admin'] === true ? '/tenants?limit=1' : '/balance';
  const answer = await probe(`${url}${path}`, { token });
  if (!isAnswered(answer)) return fail('Access', `GET ${path}: ${answer.message}`, 'Ask again in a moment.');
  if (answer.status === OK) return ok('Access', `GET ${path} is answered`);
  if (answer.status === UNAUTHORIZED) {
    return fail(
      'Access',
      'the service refuses the token: it is signed for another stage, or its secret was rotated',
      cure,
    );
  }
  return fail(
    'Access',
    `GET ${path} is answered ${answer.status}`,
    'See the service readiness above, or docs/runbook.md.',
  );
}

/** What an API key may do: a batch of nothing is refused for what it is only when the key may send one. */
async function scopesOf(url: string, token: string, cure: string): Promise<Finding> {
  const [read, write] = await Promise.all([
    probe(`${url}/balance`, { token }),
    probe(`${url}/events/batch`, { token, method: 'POST', body: '[]' }),
  ]);
  if (!isAnswered(read) || !isAnswered(write)) return fail('Access', 'no answer came', 'Ask again in a moment.');
  if (read.status === UNAUTHORIZED)
    return fail('Access', 'the service does not know the key: mistyped, or revoked', cure);
  const scopes = [
    ...(write.status === BAD_REQUEST ? ['usage:write'] : []),
    ...(read.status === OK ? ['ledger:read'] : []),
  ];
  if (scopes.length > 0) return ok('Access', `the key has ${scopes.join(' and ')}`);
  const isScopeless = read.status === FORBIDDEN && write.status === FORBIDDEN;
  const seen = isScopeless ? 'the key has no scope' : `GET /balance is answered ${read.status}`;
  return fail('Access', seen, 'See the service readiness above, or ask your administrator for another key.');
}

function claimsOf(token: string): Claims | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** `45 min`, `3 h`, `12 days`. */
function agoOf(seconds: number): string {
  const minutes = seconds / SECONDS_PER_MINUTE;
  if (minutes < 120) return `${Math.ceil(minutes)} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} days`;
}
