import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { isAlive, startTime } from '../../localstack/embedded/data/process-identity.ts';
import { ZerosumSpoolLocked } from '../errors.ts';

/** A holder on another machine or in another container can't be looked up: it shows itself alive this often. */
const HEARTBEAT_MS = 5_000;
/** Six heartbeats missed. */
const SILENT_AFTER_MS = 30_000;

/** Something, since writing nothing over nothing leaves a file as old as it was. */
const SIGN_OF_LIFE = '.';

const NAME = /^lock-(.+)-(\d+)-(\d*)$/;

/**
 * Takes a folder for this process until `release`, or until it dies. Throws a ZerosumSpoolLocked when another has it. Each
 * one who wants it writes a file of its own name and then looks for others: of two at once, at least one sees the other.
 */
export class FolderLock {
  readonly #path: string;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(folder: string) {
    const mine = `lock-${hostname()}-${process.pid}-${startTime(process.pid)}`;
    this.#path = join(folder, mine);
    try {
      writeFileSync(this.#path, SIGN_OF_LIFE, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new ZerosumSpoolLocked(`This process has the spool ${folder} open already: use one buffer for all of it.`);
    }
    for (const name of readdirSync(folder)) {
      if (name === mine || !NAME.test(name)) continue;
      const holder = liveHolder(join(folder, name), this.#path);
      if (holder === undefined) {
        rmSync(join(folder, name), { force: true });
      } else {
        rmSync(this.#path, { force: true });
        throw new ZerosumSpoolLocked(
          `${holder} works on the spool ${folder}: stop it, or give each process a folder of its own. ` +
            `If it is certainly gone, delete ${join(folder, name)}.`,
        );
      }
    }
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  release(): void {
    clearInterval(this.#heartbeat);
    rmSync(this.#path, { force: true });
  }

  /** Written anew also when somebody has deleted it, as its message to others says one may: it is ours all the same. */
  #beat(): void {
    try {
      writeFileSync(this.#path, SIGN_OF_LIFE, { mode: 0o600 });
    } catch {
      // A disk that is full or out of reach: `record` tells of it, and the next heartbeat is soon.
    }
  }
}

/**
 * Who holds a lock, in words; undefined when it died without letting go. How long it has been silent is told by one just
 * written beside it: the folder's clock has dated both, whatever the machines' own clocks say.
 */
function liveHolder(path: string, justWritten: string): string | undefined {
  const [, host = '', processId = '', started = ''] = NAME.exec(basename(path)) ?? [];
  if (host === hostname()) {
    const isSame = isAlive(Number(processId)) && startTime(Number(processId)) === started;
    return isSame ? `Process ${processId}` : undefined;
  }
  const silentMs = statSync(justWritten).mtimeMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return silentMs < SILENT_AFTER_MS ? `Process ${processId} on ${host}` : undefined;
}
