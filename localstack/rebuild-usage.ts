import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readStackFile } from './embedded/data/stack-file.ts';
import { messageOf, StackError } from './embedded/stack-error.ts';

/** What the projector answers: not complete, it is the event of the next invocation. */
const reportSchema = z.looseObject({
  complete: z.boolean(),
  lanes: z.number(),
  removed: z.number(),
  unreadable: z.number(),
});

const outcomeSchema = z.looseObject({
  kind: z.string(),
  payload: z.unknown().optional(),
  error: z.looseObject({ errorMessage: z.string() }).optional(),
});

const HELP = `Counts all usage meters again from the journal: npm run rebuild-usage [-- --tenant <id>]
It asks the embedded stack that runs in ZEROSUM_DATA (.zerosum by default). On AWS, give the projector the same event,
and then each answer as the next event until one says "complete":true (the name is in the stack's resources):
  aws lambda invoke --function-name <projector> --cli-binary-format raw-in-base64-out \\
    --cli-read-timeout 0 --payload '{"task":"rebuild"}' answer.json
  aws lambda invoke --function-name <projector> --cli-binary-format raw-in-base64-out \\
    --cli-read-timeout 0 --payload file://answer.json answer.json`;

try {
  await rebuildUsage();
} catch (error) {
  process.stderr.write(`${error instanceof StackError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Invokes the projector until it has gone through everything; safe to end and to start over at any time. */
async function rebuildUsage(): Promise<void> {
  const { tenant, help } = readArguments();
  if (help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const total = { lanes: 0, removed: 0, unreadable: 0 };
  for (let event: object = { task: 'rebuild', ...(tenant && { tenant }) }; ; ) {
    const report = reportSchema.parse(await invokeProjector(event));
    total.lanes += report.lanes;
    total.removed += report.removed;
    total.unreadable += report.unreadable;
    process.stdout.write(`${total.lanes} lanes counted, ${total.removed} meters removed\n`);
    if (report.complete) break;
    event = report;
  }
  if (total.unreadable > 0) {
    throw new StackError(
      `${total.unreadable} lanes can't be read and kept their meters: see Projector.log, reconcile.`,
    );
  }
  process.stdout.write('done\n');
}

function readArguments(): { tenant?: string | undefined; help?: boolean | undefined } {
  try {
    return parseArgs({ options: { tenant: { type: 'string' }, help: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new StackError(`${messageOf(error)}\n${HELP}`);
  }
}

async function invokeProjector(event: object): Promise<unknown> {
  const data = resolve(process.env['ZEROSUM_DATA'] || '.zerosum');
  const controlUrl = readStackFile(join(data, 'stack.json'))?.controlUrl;
  if (controlUrl === undefined) throw new StackError(`No embedded stack runs in ${data}: npm start.\n${HELP}`);
  const outcome = outcomeSchema.parse(await postJson(`${controlUrl}/functions/Projector/invoke`, event));
  if (outcome.kind === 'result') return outcome.payload;
  throw new StackError(`The projector failed (${outcome.kind}): ${outcome.error?.errorMessage ?? 'see Projector.log'}`);
}

async function postJson(url: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  try {
    return await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  } catch (error) {
    throw new StackError(
      `The embedded stack does not answer at ${url}: start it with npm start. (${messageOf(error)})`,
    );
  }
}
