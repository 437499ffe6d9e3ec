import { readFileSync } from 'node:fs';
import { UsageError } from './failure.ts';

/** Where `npm start` serves. */
const DEFAULT_URL = 'http://127.0.0.1:3000';

const STANDARD_INPUT = 0;

/** Which service to talk to, and as whom. */
export interface Connection {
  /** Without a slash at its end; it may have a stage prefix. */
  readonly url: string;
  /** Undefined: no credential was given. */
  readonly token: string | undefined;
}

export interface ConnectionOptions {
  readonly url?: string;
  readonly tokenFile?: string;
}

/**
 * The connection by the options, else by `ZEROSUM_URL` and `ZEROSUM_TOKEN`. Throws a UsageError that says what is wrong with
 * the token, and nothing of it.
 */
export function connectionOf(options: ConnectionOptions, env: NodeJS.ProcessEnv): Connection {
  const given = options.tokenFile === undefined ? env['ZEROSUM_TOKEN'] : readToken(options.tokenFile);
  return { url: urlOf(options.url ?? (env['ZEROSUM_URL'] || DEFAULT_URL)), token: tokenOf(given) };
}

/** Its one form, without a slash at its end. What is no URL of a service, the client refuses. */
function urlOf(text: string): string {
  return (URL.canParse(text) ? new URL(text).href : text).replace(/\/+$/, '');
}

function readToken(file: string): string {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8');
  } catch (error) {
    throw new UsageError(`The token can't be read from --token-file: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

function tokenOf(given: string | undefined): string | undefined {
  const token = given?.trim();
  if (token === undefined || token === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UsageError('The token holds blanks or other characters that no token has: give it alone, on one line.');
}
