import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StackError } from './stack-error.ts';

const APP = fileURLToPath(new URL('../../bin/zerosum.ts', import.meta.url));
const CDK_SETTINGS = fileURLToPath(new URL('../../cdk.json', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The stage of `lib/stage.ts` that is made for this machine. */
const STAGE = 'local';

/**
 * Synthesises the CDK app for a stage into `folder`, as `cdk synth` does, in a process of its own. What it says goes to `logFile`.
 * Throws a `StackError` with the reason when it fails.
 */
export async function synthesise(
  folder: string,
  logFile: string,
  signal?: AbortSignal,
  stage: string = STAGE,
  app: string = APP,
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const child = spawn(process.execPath, ['--import', 'tsx', app], {
    cwd: ROOT,
    // CDK's own checks of the templates cost four times the synthesis itself; `cdk synth` runs them, in `.ci/run`.
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...featureFlags(), stage }),
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal, killSignal: 'SIGKILL' as const }),
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((fulfil) => {
    child.once('error', () => fulfil(null));
    child.once('close', fulfil);
  });
  const said = Buffer.concat(output).toString('utf8');
  writeFileSync(logFile, said);
  if (code === 0 || signal?.aborted) return;
  const reason = said.split('\n').find((line) => /error/i.test(line)) ?? said.split('\n')[0] ?? '';
  throw new StackError(`The CDK app does not synthesise (${reason.trim()}): mend it; all it said is in ${logFile}.`);
}

/** What decides how the CDK writes templates: without it, what is tested is not what is deployed. */
function featureFlags(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(CDK_SETTINGS, 'utf8')) as { context: Record<string, unknown> };
  return context;
}
