import setup from '../global-setup.ts';
import { type KillOptions, readKillOptions, USAGE } from './kills/options.ts';
import { runKills } from './kills/run.ts';
import { writeReport } from './report.ts';

// It runs on the oldest Node that the stack supports on purpose; the SDK would warn of it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Undefined when the person wanted to read the usage, or must. */
function options(): KillOptions | undefined {
  try {
    const read = readKillOptions(process.argv.slice(2));
    if (read === undefined) say(USAGE);
    return read;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

async function main(chosen: KillOptions): Promise<void> {
  const tearDown = await setup();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => tearDown().finally(() => process.exit(1)));
  const { kills, events, seed, report } = chosen;
  const { violations, figures, data } = await runKills(chosen, say);
  for (const [label, figure] of Object.entries(figures)) say(`${label.padEnd(48)} ${figure}`);
  for (const violation of violations) say(`VIOLATION: ${violation}`);
  say(`${violations.length} violations`);
  const command = `npm run kills -- --kills ${kills} --events ${events} --seed ${seed}`;
  writeReport(report, { name: 'kills', command, figures, violations: [...violations] });
  if (violations.length > 0) {
    say(`The stack's data and logs are kept in ${data}.`);
    process.exitCode = 1;
    return;
  }
  await tearDown();
}

const chosen = options();
if (chosen !== undefined) await main(chosen);
