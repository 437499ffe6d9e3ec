import { crc32 } from 'node:zlib';
import type { SpooledEvent } from '../buffer/spool.ts';

const CHECKSUM_LENGTH = 8;
const NEWLINE = 0x0a;

/** An event as a line of a segment: a checksum of its JSON, a space, the JSON. */
export function lineOf(json: string): Buffer {
  return Buffer.from(`${checksum(Buffer.from(json))} ${json}\n`);
}

/** An event of a segment, and where its line ends. */
export interface ReadEvent extends SpooledEvent {
  readonly bytes: number;
  readonly endOffset: number;
}

/**
 * The events of a segment from an offset on. What follows the last line's end is of a line that was cut off while it was
 * written, so that nobody was told it is kept; it counts only if it is whole all the same.
 */
export function eventsOf(segment: Buffer, offset: number): ReadEvent[] {
  const events: ReadEvent[] = [];
  let start = offset;
  for (let end = segment.indexOf(NEWLINE, start); end !== -1; end = segment.indexOf(NEWLINE, start)) {
    const line = segment.subarray(start, end);
    start = end + 1;
    events.push({ ...parsed(line), bytes: line.length, endOffset: start });
  }
  const rest = segment.subarray(start);
  const last = parsed(rest);
  if (!last.isDamaged) events.push({ ...last, bytes: rest.length, endOffset: segment.length });
  return events;
}

function parsed(line: Buffer): SpooledEvent {
  const json = line.subarray(CHECKSUM_LENGTH + 1);
  const isWhole = line.subarray(0, CHECKSUM_LENGTH + 1).toString('latin1') === `${checksum(json)} `;
  return isWhole ? { json: json.toString('utf8') } : { json: line.toString('utf8'), isDamaged: true };
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(CHECKSUM_LENGTH, '0');
}
