import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { commandLine } from '../../localstack/embedded/data/process-identity.ts';

/** Of a line of /proc/net/tcp: a socket that listens. */
const LISTENING = '0A';
const HEXADECIMAL = 16;

/** Arguments may hold secrets, and the first words tell enough. */
const SHOWN_WORDS = 2;

/** Which process listens on a port of this machine, as far as this user may know; undefined when nobody can tell. */
export function listenerOn(port: number): string | undefined {
  try {
    const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listeningSockets(file, port)));
    const processId = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsAny(name, sockets));
    if (processId === undefined) return undefined;
    const command = commandLine(Number(processId)).split(' ').slice(0, SHOWN_WORDS).join(' ');
    return `process ${processId} (${command})`;
  } catch {
    // Not Linux, or a machine that hides its processes.
    return undefined;
  }
}

function listeningSockets(file: string, port: number): string[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const isOurs = state === LISTENING && Number.parseInt(local.split(':')[1] ?? '', HEXADECIMAL) === port;
    return isOurs && inode !== undefined ? [`socket:[${inode}]`] : [];
  });
}

function holdsAny(processId: string, sockets: ReadonlySet<string>): boolean {
  try {
    const folder = `/proc/${processId}/fd`;
    return readdirSync(folder).some((name) => sockets.has(readlinkSync(`${folder}/${name}`)));
  } catch {
    // Another user's, or it has just ended.
    return false;
  }
}
