import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Answer } from './client.ts';
import { temporaryFolder } from './stack.ts';

/** Runs shell commands that use curl as a reader of the documentation would, and reads what curl was answered. */
export class Curl {
  readonly #home = temporaryFolder();
  readonly #variables: Readonly<Record<string, string>>;

  /** @param variables what the reader has set in the shell */
  constructor(variables: Readonly<Record<string, string>>) {
    this.#variables = variables;
    writeFileSync(join(this.#home, '.curlrc'), 'include\n');
  }

  async run(script: string): Promise<Answer> {
    const env = { ...process.env, ...this.#variables, CURL_HOME: this.#home };
    const { stdout } = await promisify(execFile)('bash', ['-euc', script], { env, maxBuffer: 16 * 1_048_576 });
    const [head = '', ...rest] = stdout.split('\r\n\r\n');
    const text = rest.join('\r\n\r\n');
    const [statusLine = '', ...lines] = head.split('\r\n');
    const headers = new Headers(
      lines.map((line): [string, string] => {
        const [name = '', ...value] = line.split(':');
        return [name, value.join(':').trim()];
      }),
    );
    const isJson = headers.get('content-type')?.endsWith('json') ?? false;
    return { status: Number(statusLine.split(' ')[1]), headers, text, json: isJson ? JSON.parse(text) : undefined };
  }
}
