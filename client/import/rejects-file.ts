import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, renameSync, writeSync } from 'node:fs';
import { REJECTS_ENDING } from './formats.ts';
import type { Row } from './row.ts';
import type { Refusal } from './service.ts';
import { USAGE_FIELDS } from './usage-row.ts';

/** A row that was not accepted. */
export interface Reject {
  readonly row: Row;
  readonly key: string;
  readonly refusal: Refusal;
}

/**
 * The file of what was not accepted and why, a JSON object a line, in the order of the rows. Its `event` is what an import
 * of this file sends: there a person mends it.
 */
export class RejectsFile {
  readonly path: string;
  #descriptor: number | undefined;
  #bytes: number;

  /** @param bytes how much of the file an earlier run has settled: what stands behind is written anew */
  constructor(path: string, bytes: number) {
    this.path = path;
    this.#bytes = bytes;
    if (bytes > 0) {
      this.#descriptor = openSync(path, 'r+');
      ftruncateSync(this.#descriptor, bytes);
    } else if (existsSync(path)) {
      // Somebody may be mending it.
      renameSync(path, beforePath(path));
    }
  }

  /** How long the file is. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Writes the rejects to the disk itself: progress that counts them is written only then. */
  append(rejects: readonly Reject[]): void {
    if (rejects.length === 0) return;
    this.#descriptor ??= openSync(this.path, 'w');
    const text = Buffer.from(rejects.map((reject) => `${JSON.stringify(documentOf(reject))}\n`).join(''));
    for (let at = 0; at < text.length; ) {
      at += writeSync(this.#descriptor, text, at, text.length - at, this.#bytes + at);
    }
    fdatasyncSync(this.#descriptor);
    this.#bytes += text.length;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** What an older file of that name is called from then on. */
export function beforePath(path: string): string {
  return path.endsWith(REJECTS_ENDING)
    ? `${path.slice(0, -REJECTS_ENDING.length)}.before${REJECTS_ENDING}`
    : `${path}.before`;
}

function documentOf({ row, key, refusal }: Reject) {
  const { event, faults } = row.reading;
  const fields = event ?? row.raw;
  return {
    line: row.line,
    status: refusal.status,
    title: refusal.title,
    detail: refusal.detail,
    ...(refusal.errors !== undefined && { errors: refusal.errors }),
    row: row.text.trim(),
    event: {
      [USAGE_FIELDS.tenant]: fields?.tenant,
      [USAGE_FIELDS.metric]: fields?.metric,
      [USAGE_FIELDS.quantity]: fields?.quantity,
      // A key of its own that is at fault stays to be seen and mended.
      [USAGE_FIELDS.idempotencyKey]: faults === undefined ? key : (row.raw?.idempotencyKey ?? key),
      [USAGE_FIELDS.eventDate]: fields?.eventDate,
    },
  };
}
