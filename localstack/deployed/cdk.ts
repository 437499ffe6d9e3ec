import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ACCOUNT_ID, emulatorEnvironment, REGION } from './endpoint.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CDK = fileURLToPath(new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url));

/** How much of what a failed command said is worth repeating. */
const TOLD_CHARS = 1_500;

/** The CDK's own command line against an emulator. */
export class Cdk {
  readonly #endpoint: string;
  readonly #logFile: string;

  /** @param logFile where everything it says is kept */
  constructor(endpoint: string, logFile: string) {
    this.#endpoint = endpoint;
    this.#logFile = logFile;
  }

  /** Makes the account ready for deployments of this assembly: the CDK's own stack, with its bucket and roles. */
  async bootstrap(assembly: string): Promise<void> {
    await this.#run('bootstrap', `aws://${ACCOUNT_ID}/${REGION}`, '--app', assembly);
  }

  /** Deploys all stacks of an assembly, or brings them up to it. */
  async deploy(assembly: string): Promise<void> {
    await this.#run('deploy', '--all', '--require-approval', 'never', '--app', assembly);
  }

  async destroy(assembly: string): Promise<void> {
    await this.#run('destroy', '--all', '--force', '--app', assembly);
  }

  /** Throws with the end of what it said when it fails. */
  async #run(...args: string[]): Promise<void> {
    const child = spawn(process.execPath, [CDK, ...args, '--ci', '--no-notices', '--no-color'], {
      cwd: ROOT,
      env: emulatorEnvironment(this.#endpoint),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
      });
    }
    const [code] = await once(child, 'close');
    appendFileSync(this.#logFile, `cdk ${args.join(' ')}\n${said}\n`);
    if (code !== 0) throw new Error(`cdk ${args[0]} failed (${code}):\n${reasonIn(said)}`);
  }
}

/** What failed, before the hundred lines about taking everything back; the end where nothing says so. */
function reasonIn(said: string): string {
  const failures = said.split('\n').filter((line) => /_FAILED|ERROR|❌/.test(line));
  return failures.length > 0 ? failures.join('\n').slice(0, TOLD_CHARS) : said.slice(-TOLD_CHARS);
}
