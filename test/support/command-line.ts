import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { commandLineBundle } from '../../bin/client-bundles.ts';
import { temporaryFolder } from './stack.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly url: string;
  /** In `ZEROSUM_TOKEN`; none without. */
  readonly token?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** On standard input, which then ends. */
  readonly input?: string;
}

interface Keys {
  readonly after: string;
  readonly typed: string;
}

/** The command line as it is built for npm, run as a process of its own. */
export class CommandLine {
  readonly file: string;

  private constructor(file: string) {
    this.file = file;
  }

  /** Builds it into a folder of the tests. */
  static async build(): Promise<CommandLine> {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    await build(commandLineBundle(folder));
    return new CommandLine(join(folder, 'zerosum.js'));
  }

  /** Runs `zerosum` with these arguments until it ends. */
  run(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
    return ended(this.start(args, surroundings), surroundings.input ?? '');
  }

  /** Runs a shell script in which `zerosum` is the command. */
  shell(script: string, surroundings: Surroundings): Promise<Ended> {
    const named = `zerosum() { '${process.execPath}' '${this.file}' "$@"; }\n${script}`;
    const child = spawn('bash', ['--norc', '-c', named], { env: environmentOf(surroundings), stdio: 'pipe' });
    return ended(child, surroundings.input ?? '');
  }

  /**
   * Runs `zerosum` on a terminal of its own, which shows standard output and standard error alike.
   * @param keys what somebody types once the terminal shows a text
   */
  onTerminal(args: readonly string[], surroundings: Surroundings, keys?: Keys): Promise<Ended> {
    const line = [process.execPath, this.file, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const child = spawn('script', ['-qefc', line, '/dev/null'], { env: environmentOf(surroundings), stdio: 'pipe' });
    if (keys === undefined) return ended(child, '');
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const before = shown;
      shown += chunk.toString('utf8');
      if (!before.includes(keys.after) && shown.includes(keys.after)) child.stdin.write(keys.typed);
    });
    return ended(child);
  }

  start(args: readonly string[], surroundings: Surroundings): ChildProcess {
    return spawn(process.execPath, [this.file, ...args], { env: environmentOf(surroundings), stdio: 'pipe' });
  }
}

/**
 * What a process said, once it has ended.
 * @param input undefined: its standard input is left open
 */
export async function ended(child: ChildProcess, input?: string): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  // It may have ended before it reads.
  child.stdin?.on('error', () => undefined);
  if (input !== undefined) child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

function environmentOf({ url, token, env }: Surroundings): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  const credential = token === undefined ? {} : { ZEROSUM_TOKEN: token };
  return { PATH, HOME, TERM: 'xterm', ZEROSUM_URL: url, ...credential, ...env };
}
