import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { sha256Hex } from '../../lambdas/domain/digest.ts';
import type { FieldMap } from './field-map.ts';
import { type Format, REJECTS_ENDING } from './formats.ts';
import { ImportError } from './import-error.ts';
import { Pace } from './pace.ts';
import { type Progress, ProgressFile } from './progress-file.ts';
import { RejectsFile } from './rejects-file.ts';
import { RowKeys } from './row-keys.ts';
import { RowReader } from './row-reader.ts';
import { NOTHING_DONE, runImport } from './run-import.ts';
import type { Service } from './service.ts';
import { Undated } from './undated.ts';

/** Standard input's name on the command line. */
export const STDIN = '-';

export interface ImportOptions {
  /** A path, or `-` for standard input. */
  readonly file: string;
  readonly format: Format | undefined;
  readonly delimiter: string | undefined;
  readonly map: FieldMap;
  /** Keeps this file's rows apart from rows of other files that say the same; empty for none. */
  readonly source: string;
  /** Batches under way at once. */
  readonly parallel: number;
  readonly rejects: string | undefined;
  readonly restart: boolean;
  /** How long nothing at all may be accepted before the import gives up. */
  readonly patienceMs: number;
  /** Whose events they are, and where they go: progress holds for nobody and nowhere else. */
  readonly destination: string;
}

/** All of the world that importing a file reaches, besides the file and those beside it. */
export interface ImportWorld {
  readonly service: Service;
  readonly stdin: Readable;
  /** Aborted when the import should end early. */
  readonly signal: AbortSignal;
  /** Told what a person should know, a sentence each. */
  readonly tell: (sentence: string) => void;
  readonly onProgress: (progress: ImportProgress) => void;
}

export interface ImportProgress extends Progress {
  /** Undefined for standard input. */
  readonly totalBytes: number | undefined;
  /** How far an earlier run had come. */
  readonly before: Progress;
  readonly isBusy: boolean;
}

/** What an import has come to. */
export interface ImportOutcome extends Progress {
  /** Whether the whole file is settled. */
  readonly isComplete: boolean;
  readonly before: Progress;
  /** Undefined when nothing was rejected. */
  readonly rejectsFile: string | undefined;
}

/** What the rejects of a stream are called after. */
const STREAM_NAME = 'stdin';

const CHUNK_BYTES = 65_536;
const NOTHING: Progress = { ...NOTHING_DONE, rejectsBytes: 0 };

/**
 * Imports a file, from where an earlier run of the same has stopped. Throws an ImportError when it can't, or not on: what
 * was settled by then is kept, and the next run goes on there.
 */
export async function importFile(options: ImportOptions, world: ImportWorld): Promise<ImportOutcome> {
  const file = inputOf(options.file);
  const rejectsPath = options.rejects ?? `${file.path ?? STREAM_NAME}${REJECTS_ENDING}`;
  if (resolve(rejectsPath) === resolve(options.file)) throw new ImportError('The rejects need a file of their own.');
  const progressFile =
    file.path === undefined ? undefined : new ProgressFile(`${rejectsPath}.progress.json`, purposeOf(options));
  const before = progressFile ? await begin(progressFile, rejectsPath, options, world) : NOTHING;
  const rejects = new RejectsFile(rejectsPath, before.rejectsBytes);
  const pace = new Pace(options.parallel, options.patienceMs, world.signal);
  const undated = new Undated(options, world.tell);
  const report = (progress: Progress) =>
    world.onProgress({ ...progress, totalBytes: file.bytes, before, isBusy: pace.isBusy });

  if (progressFile) saveFirst(progressFile, before);
  try {
    const end = await runImport(
      {
        reader: new RowReader(chunksOf(options.file, world.stdin), { ...options, name: options.file }),
        keys: new RowKeys(options.source),
        service: world.service,
        pace,
        onRow: (row) => undated.look(row),
        settle: (rejected, position) => {
          rejects.append(rejected);
          const progress = { ...position, rejectsBytes: rejects.bytes };
          progressFile?.save(progress);
          report(progress);
        },
      },
      before,
      { parallel: options.parallel, signal: world.signal },
    );
    const isComplete = !world.signal.aborted;
    // Without it a second run sends all again: the service knows what it has, and may have been reset.
    if (isComplete) progressFile?.remove();
    const rejectsFile = rejects.bytes > 0 ? rejectsPath : undefined;
    return { ...end, rejectsBytes: rejects.bytes, isComplete, before, rejectsFile };
  } finally {
    rejects.close();
  }
}

async function begin(
  file: ProgressFile,
  rejectsPath: string,
  { restart, file: path }: ImportOptions,
  { tell }: ImportWorld,
): Promise<Progress> {
  if (restart) return NOTHING;
  const found = await file.read(path);
  const isRejectsGone = 'progress' in found && sizeOf(rejectsPath) < found.progress.rejectsBytes;
  if ('progress' in found && !isRejectsGone) {
    tell(`Going on behind line ${found.progress.line}, where an earlier run has stopped.`);
    return found.progress;
  }
  const why = 'anew' in found ? found.anew : 'the rejects of the earlier run are gone';
  if (why !== '') tell(`Beginning anew, for ${why}. What was accepted before is known by its key and charged nothing.`);
  return NOTHING;
}

/** The first write beside the file tells whether there can be any. */
function saveFirst(file: ProgressFile, progress: Progress): void {
  try {
    file.save(progress);
  } catch (error) {
    throw new ImportError(
      `Progress can't be kept in ${file.path} (${(error as Error).message}): give --rejects a path that can be written.`,
    );
  }
}

interface Input {
  /** Undefined for what can be read only once. */
  readonly path: string | undefined;
  readonly bytes: number | undefined;
}

function inputOf(path: string): Input {
  if (path === STDIN) return { path: undefined, bytes: undefined };
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new ImportError(`There is no file ${path}.`);
  if (stats.isDirectory()) throw new ImportError(`${path} is a folder: give one of its files.`);
  return stats.isFile() ? { path, bytes: stats.size } : { path: undefined, bytes: undefined };
}

/** The bytes of a file, or of standard input. */
export function chunksOf(path: string, stdin: Readable): AsyncIterable<Buffer> {
  return path === STDIN ? stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function purposeOf({ destination, format, delimiter, map, source }: ImportOptions) {
  return { service: destination, recipe: sha256Hex(JSON.stringify([format, delimiter, map, source])) };
}
