/**
 * A Lambda execution environment: a process of its own that loads one bundle and answers one invocation at a time
 * (Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle"). It is bundled at start, so that
 * it runs on plain Node like the functions themselves, and knows its function by the variables Lambda sets.
 */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CRASH_HOOK } from '../../../lambdas/crash-point.ts';
import { shiftClock } from './clock-shift.ts';
import type { FromWorker, FunctionError, ToWorker } from './messages.ts';

type Handler = (event: unknown, context: object) => unknown;

const MODULE_ENDINGS = ['mjs', 'js', 'cjs'];

/** Deadlines come from the stack, whose clock is the machine's. */
const machineNow = shiftClock(process.env);

let armed: Readonly<Record<string, string>> = {};
let cpuAtLastReport = process.cpuUsage();

(globalThis as { [CRASH_HOOK]?: (point: string) => void })[CRASH_HOOK] = (point) => {
  const permission = armed[point];
  if (permission === undefined) return;
  try {
    // Several workers may reach the point at once: renaming the file succeeds for one of them.
    renameSync(permission, `${permission}-${process.pid}`);
  } catch {
    return;
  }
  process.kill(process.pid, 'SIGKILL');
};

// The stack decides when a worker ends. When the stack itself is gone, so is the channel.
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);

try {
  const handler = await loadHandler();
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'arm') armed = message.points;
    else void invoke(handler, message);
  });
  send({ kind: 'ready', cpuMs: takeCpuMs() });
} catch (error) {
  process.send?.({ kind: 'unfit', error: describe(error) } satisfies FromWorker, () => process.exit(1));
}

async function loadHandler(): Promise<Handler> {
  const [file, name] = (process.env['_HANDLER'] ?? '').split('.');
  const root = process.env['LAMBDA_TASK_ROOT'] ?? '';
  const path = MODULE_ENDINGS.map((ending) => join(root, `${file}.${ending}`)).find((candidate) =>
    existsSync(candidate),
  );
  if (path === undefined) throw new Error(`Cannot find module '${file}' in ${root}`);
  const loaded: Record<string, unknown> = await import(pathToFileURL(path).href);
  const handler = loaded[name ?? ''];
  if (typeof handler !== 'function') throw new Error(`${file}.${name} is undefined or not exported`);
  return handler as Handler;
}

async function invoke(
  handler: Handler,
  { requestId, event, deadlineMs }: ToWorker & { kind: 'invoke' },
): Promise<void> {
  try {
    const payload = (await handler(event, contextFor(requestId, deadlineMs))) ?? null;
    send({ kind: 'result', requestId, payload, cpuMs: takeCpuMs() });
  } catch (error) {
    const described = describe(error);
    console.error(`${new Date().toISOString()}\t${requestId}\tERROR\tInvoke Error\t${JSON.stringify(described)}`);
    send({ kind: 'failure', requestId, error: described, cpuMs: takeCpuMs() });
  }
}

/** Lambda Developer Guide, "Using the Lambda context object to retrieve Node.js function information". */
function contextFor(requestId: string, deadlineMs: number): object {
  const name = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? '';
  return {
    awsRequestId: requestId,
    functionName: name,
    functionVersion: process.env['AWS_LAMBDA_FUNCTION_VERSION'],
    invokedFunctionArn: `arn:aws:lambda:${process.env['AWS_REGION']}:${process.env['AWS_ACCOUNT_ID']}:function:${name}`,
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - machineNow()),
  };
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function send(message: FromWorker): void {
  // Once the stack is gone nobody waits for the answer, and the process is about to end.
  process.send?.(message, undefined, undefined, () => undefined);
}

function takeCpuMs(): number {
  const { user, system } = process.cpuUsage(cpuAtLastReport);
  cpuAtLastReport = process.cpuUsage();
  return (user + system) / 1_000;
}
