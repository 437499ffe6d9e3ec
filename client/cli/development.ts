import { ZerosumUnexpectedAnswer, ZerosumUnreachable } from '../errors.ts';
import { CommandError } from './failure.ts';

/** What `npm start` tells whoever asks, and no deployed stage does. */
interface Development {
  readonly tokens: Readonly<Record<'alpha' | 'beta' | 'admin', string>>;
}

const ANSWER_TIMEOUT_MS = 5_000;

/**
 * The tokens of the embedded stack. It is no operation of the API, so the client does not know it. Throws a CommandError
 * where there is no such route.
 */
export async function developmentOf(url: string): Promise<Development> {
  const route = `${url}/development`;
  let response: Response;
  try {
    response = await fetch(route, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS), redirect: 'manual' });
  } catch (error) {
    const { cause, message } = error as { cause?: { code?: string }; message: string };
    throw new ZerosumUnreachable(`GET ${route}`, 1, cause?.code ?? message, { cause: error });
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) {
    if (isDevelopment(body)) return body;
    throw new ZerosumUnexpectedAnswer(`GET ${route}`, response.status, 'no development tokens');
  }
  throw new CommandError(
    `${url} hands out no tokens: only a stack on this machine (npm start) does.\n` +
      '  On a deployed stage:  npm run --silent token -- --tenant tenant_acme   (or --admin)',
  );
}

function isDevelopment(body: unknown): body is Development {
  const tokens = (body as Partial<Development> | null | undefined)?.tokens;
  return [tokens?.alpha, tokens?.beta, tokens?.admin].every((token) => typeof token === 'string');
}
