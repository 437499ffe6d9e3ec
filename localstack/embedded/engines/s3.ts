import { fileURLToPath } from 'node:url';
import { EngineError } from './aws-json.ts';
import type { EngineCommand } from './engine.ts';

/** The bucket engine's main file, to be compiled. */
export const S3_ENGINE = fileURLToPath(new URL('../bucket/server.ts', import.meta.url));

/** What the parent asks of buckets: to be there, with their settings. */
export interface S3Api {
  readonly endpoint: string;
  /** Throws an `EngineError` with S3's code for a refusal. */
  put(path: string, body?: string, headers?: Readonly<Record<string, string>>): Promise<void>;
}

export function s3Api(endpoint: string): S3Api {
  return { endpoint, put: (path, body, headers) => send(`${endpoint}${path}`, 'PUT', body, headers) };
}

/** The bucket engine, which keeps its objects in `folder` and ends when this process does. */
export function s3Engine(place: { port: number; folder: string }, script: string): EngineCommand {
  const endpoint = `http://127.0.0.1:${place.port}`;
  return {
    name: 'bucket',
    endpoint,
    command: process.execPath,
    args: [script, '--folder', place.folder, '--port', String(place.port), '--with-parent'],
    isReady: async () => {
      try {
        await send(endpoint, 'GET');
        return true;
      } catch {
        return false;
      }
    },
    explain: (lastWords) =>
      `The buckets in ${place.folder} do not open (${lastWords.split('\n')[0]}): put back a copy of them, or start empty with npm start -- --reset.`,
  };
}

async function send(
  url: string,
  method: 'GET' | 'PUT',
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  if (response.ok) return;
  const [, code = `HTTP ${response.status}`] = /<Code>([^<]*)<\/Code>/.exec(text) ?? [];
  const [, message = 'no message'] = /<Message>([^<]*)<\/Message>/.exec(text) ?? [];
  throw new EngineError(code, message);
}
