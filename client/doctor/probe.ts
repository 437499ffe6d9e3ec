/** An answer of whatever listens at the URL. */
export interface Probed {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when it is no JSON. */
  readonly json: unknown;
  /** This machine's clock in the middle of the call, in milliseconds since 1970. */
  readonly atMs: number;
}

/** Why no answer came. */
export interface Unanswered {
  /** A code of Node or of the system, like `ECONNREFUSED`; `TIMEOUT` when nothing came in time. */
  readonly code: string;
  readonly message: string;
}

export interface Question {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly body?: string;
}

/** A service that takes longer is of no use to anyone who waits. */
const TIMEOUT_MS = 10_000;

/** Asks once, follows nothing, and never throws. */
export async function probe(url: string, { method = 'GET', token, body }: Question = {}): Promise<Probed | Unanswered> {
  const startMs = Date.now();
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        accept: 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
    const atMs = (startMs + Date.now()) / 2;
    return { status: response.status, headers: response.headers, json: jsonOf(await response.text()), atMs };
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: { code?: unknown; message?: unknown } };
    if (name === 'TimeoutError') return { code: 'TIMEOUT', message: `no answer within ${TIMEOUT_MS / 1_000} s` };
    const code = typeof cause?.code === 'string' ? cause.code : 'UNKNOWN';
    return { code, message: typeof cause?.message === 'string' && cause.message !== '' ? cause.message : message };
  }
}

export function isAnswered(outcome: Probed | Unanswered): outcome is Probed {
  return 'status' in outcome;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
