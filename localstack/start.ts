import { join } from 'node:path';
import { seedFile } from '../lambdas/secrets/seed-file.ts';
import { developmentTokens } from './embedded/dev-tokens.ts';
import { EmbeddedStack } from './embedded/embedded-stack.ts';
import { readOptions } from './embedded/options.ts';
import { progressTo } from './embedded/progress.ts';
import { StackError } from './embedded/stack-error.ts';
import { welcome } from './embedded/welcome.ts';

/** One Ctrl-C arrives twice, from the terminal and from npm: only a later one means "at once". */
const SAME_SIGNAL_MS = 500;

let stack: EmbeddedStack | undefined;
let stoppingSinceMs: number | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupted);
process.on('uncaughtException', fail);
// Whoever read the output may have gone; the stack goes on.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

// The stack runs on the oldest Node it supports on purpose; the SDK would warn of it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

try {
  const options = readOptions(process.argv.slice(2), process.env);
  stack = new EmbeddedStack(options, progressTo(process.stdout), fail);
  const url = await stack.start();
  // A rotation may have replaced the seeded one, which then signs nothing that is accepted.
  const { current } = await seedFile(join(options.dataFolder, 'secrets.json'), 'jwt');
  process.stdout.write(welcome(url, await developmentTokens(current)));
  process.stdout.write(`ready ${url}\n`);
} catch (error) {
  fail(error);
}

function interrupted(): void {
  if (stoppingSinceMs === undefined) void end(0);
  else if (performance.now() - stoppingSinceMs > SAME_SIGNAL_MS) {
    stack?.kill();
    process.exit(0);
  }
}

/** Says what is wrong, and ends everything. An error nobody foresaw keeps its trace, for it is a bug. */
function fail(error: unknown): void {
  if (stoppingSinceMs !== undefined) return;
  const text = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${error instanceof StackError ? error.message : `The embedded stack has a bug: ${text}`}\n`);
  void end(1);
}

async function end(exitCode: number): Promise<void> {
  stoppingSinceMs = performance.now();
  await stack?.stop();
  process.exit(exitCode);
}
