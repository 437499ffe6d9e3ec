import type { ZerosumClient } from '../../client.ts';
import { clientService } from '../../import/client-service.ts';
import { type DryRun, dryRun } from '../../import/dry-run.ts';
import { fieldMap } from '../../import/field-map.ts';
import { FORMATS } from '../../import/formats.ts';
import { GaveUpError, ImportError } from '../../import/import-error.ts';
import { type ImportOptions, type ImportOutcome, importFile, STDIN } from '../../import/import-file.ts';
import { ProgressDisplay } from '../../import/progress-display.ts';
import { command } from '../command.ts';
import { destinationOf } from '../credential.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CommandError, UsageError } from '../failure.ts';
import type { Output } from '../output.ts';
import { argument, choice, flag, option, optionTexts, wholeNumber } from '../parameters.ts';
import type { Session } from '../session.ts';
import { inert } from '../text/inert.ts';
import { grouped } from '../text/money.ts';

/** Enough to keep a stack of two cores busy, and less than a tenant's lanes take at once. */
const PARALLEL_DEFAULT = 4;

/** Beyond this, requests only queue up somewhere. */
const PARALLEL_MAX = 64;

/** A deployment or a failover is over by then. */
const PATIENCE_DEFAULT_SECONDS = 300;

const MS_PER_SECOND = 1_000;
const COLUMNS_DEFAULT = 80;

export const importCommand = command({
  name: 'import',
  group: 'Usage in',
  credential: 'tenant',
  summary: 'Report the usage in a file: CSV, NDJSON, JSON or CloudEvents',
  description:
    'Stop it at any time: the same command goes on where it was. Each row is charged once however often it is sent, for it has ' +
    'a key of its own or gets one made of what it says. What is not accepted is written to FILE.rejects.ndjson with the ' +
    'reason; mend its events and import it. Exit code 1 when anything was rejected.',
  arguments: { file: argument('<file>', 'the file, or - for standard input') },
  options: {
    format: choice('--format <format>', FORMATS, 'what it is, when its name does not say'),
    map: optionTexts('--map <field=column>', 'where a field is in the file, like metric=product'),
    delimiter: option('--delimiter <character>', 'between the columns of a CSV file, when it is no comma'),
    source: option('--source <name>', 'keeps its rows apart from rows of other files that say the same'),
    parallel: wholeNumber('--parallel <requests>', `batches on their way at once, by default ${PARALLEL_DEFAULT}`, {
      min: 1,
    }),
    rejects: option('--rejects <file>', 'where to write what is not accepted, instead of FILE.rejects.ndjson'),
    restart: flag('--restart', 'from the beginning, whatever an earlier run has done'),
    dryRun: flag('--dry-run', 'only read it and tell what would be rejected: nothing is sent or written'),
    patience: wholeNumber(
      '--patience <seconds>',
      `how long to wait for a service that takes nothing, by default ${PATIENCE_DEFAULT_SECONDS}`,
      { min: 0 },
    ),
    quiet: flag('--quiet', 'show no progress'),
  },
  examples: [
    { line: 'import usage.csv', says: 'with the columns metric, quantity and perhaps idempotency_key and event_date' },
    { line: 'import export.csv --map metric=product --map quantity=units', says: 'with columns of other names' },
    { line: 'import october.csv.rejects.ndjson', says: 'what an import of october.csv rejected, mended' },
  ],
  async work(client, given, output, session) {
    const options = optionsOf(given, session);
    const startedMs = performance.now();
    const seconds = () => (performance.now() - startedMs) / MS_PER_SECOND;
    try {
      if (given.dryRun) return await rehearse(options, output, seconds);
      return await send(client, { ...options, isQuiet: given.quiet }, output, session, seconds);
    } catch (error) {
      if (error instanceof ImportError) throw new CommandError(error.message);
      if (!(error instanceof GaveUpError)) throw error;
      output.note(inert(`${error.message} The same command goes on where it was.`));
      return EXIT.unavailable;
    }
  },
});

interface Given extends Pick<ImportOptions, 'file' | 'format' | 'delimiter' | 'rejects' | 'restart'> {
  readonly map: readonly string[] | undefined;
  readonly source: string | undefined;
  readonly parallel: number | undefined;
  readonly patience: number | undefined;
}

function optionsOf(given: Given, { connection }: Session): ImportOptions {
  const { file, format, delimiter, rejects, restart, parallel = PARALLEL_DEFAULT } = given;
  if (delimiter !== undefined && !/^[\x20-\x7e\t]$/.test(delimiter)) {
    throw new UsageError('--delimiter must be one ASCII character.');
  }
  if (parallel > PARALLEL_MAX) throw new UsageError(`--parallel is at most ${PARALLEL_MAX}.`);
  return {
    ...{ file, format, delimiter, rejects, restart, parallel },
    map: fieldMap(given.map ?? []),
    source: given.source ?? '',
    patienceMs: (given.patience ?? PATIENCE_DEFAULT_SECONDS) * MS_PER_SECOND,
    destination: destinationOf(connection),
  };
}

async function send(
  client: ZerosumClient,
  options: ImportOptions & { readonly isQuiet: boolean },
  output: Output,
  session: Session,
  seconds: () => number,
): Promise<ExitCode> {
  // A wrong URL should not look like a service that is down for a while.
  await client.health();
  const { isTTY: isTerminal = false, columns = COLUMNS_DEFAULT } = process.stderr;
  const display = new ProgressDisplay(output, { isTerminal, columns, isQuiet: options.isQuiet });
  const stop = new AbortController();
  const importing = importFile(options, {
    service: clientService(client),
    stdin: process.stdin,
    signal: stop.signal,
    tell: (sentence) => output.note(inert(sentence)),
    onProgress: (progress) => display.update(progress),
  }).finally(() => display.end());
  session.onInterrupt(async () => {
    stop.abort();
    output.note('Stopping: waiting for the answers that are under way. Ctrl-C again does not wait.');
    const outcome = await importing.catch(() => undefined);
    if (outcome !== undefined) await writeOutcome(outcome, options, output, seconds());
  });
  const outcome = await importing;
  if (stop.signal.aborted) return EXIT.interrupted;
  await writeOutcome(outcome, options, output, seconds());
  return outcome.rejected === 0 ? EXIT.ok : EXIT.failed;
}

async function writeOutcome(
  outcome: ImportOutcome,
  { file }: ImportOptions,
  output: Output,
  seconds: number,
): Promise<void> {
  const { rows, accepted, rejected, before, isComplete, rejectsFile } = outcome;
  const now = rows - before.rows;
  const perSecond = seconds > 0 ? Math.round(now / seconds) : 0;
  if (output.isJson) {
    await output.answer({
      file,
      complete: isComplete,
      ...{ rows, accepted, rejected },
      rows_of_earlier_runs: before.rows,
      seconds: Number(seconds.toFixed(3)),
      rows_per_second: perSecond,
      ...(rejectsFile !== undefined && { rejects_file: rejectsFile }),
    });
    return;
  }
  await output.facts([
    ['Rows', `${count(rows)}${before.rows > 0 ? `, of which ${count(before.rows)} by an earlier run` : ''}`],
    ['Accepted', `${count(accepted)}${accepted > 0 ? ', or known already' : ''}`],
    ['Rejected', rejectsFile === undefined ? count(rejected) : `${count(rejected)}, see ${rejectsFile}`],
    ['Time', `${seconds.toFixed(1)} s, ${count(perSecond)} rows/s`],
  ]);
  if (isComplete) return;
  const rest =
    file === STDIN ? 'Send it again: what was accepted is charged nothing.' : 'The same command goes on from here.';
  await output.line(`Not complete. ${rest}`);
}

async function rehearse(options: ImportOptions, output: Output, seconds: () => number): Promise<ExitCode> {
  const found = await dryRun(options, { stdin: process.stdin, signal: new AbortController().signal });
  if (output.isJson) await output.answer(documentOf(options.file, found, seconds()));
  else await writeRehearsal(found, output);
  return found.rejected === 0 ? EXIT.ok : EXIT.failed;
}

function documentOf(file: string, { rows, valid, rejected, rejects }: DryRun, seconds: number) {
  const shown = rejects.map(({ line, reading }) => ({ line, errors: reading.faults }));
  return { file, dry_run: true, rows, valid, rejected, rejects: shown, seconds: Number(seconds.toFixed(3)) };
}

async function writeRehearsal({ rows, valid, rejected, rejects }: DryRun, output: Output): Promise<void> {
  for (const { line, reading } of rejects) {
    const faults = (reading.faults ?? []).map(({ field, message }) => `${field} ${message}`);
    output.note(inert(`Line ${line}: ${faults.join('; ')}`));
  }
  if (rejected > rejects.length) output.note(`... and ${count(rejected - rejects.length)} more.`);
  await output.facts([
    ['Rows', count(rows)],
    ['Would be sent', count(valid)],
    ['Would be rejected', `${count(rejected)}, not counting what only the service knows (prices, dates, keys)`],
  ]);
}

function count(value: number): string {
  return grouped(String(value));
}
