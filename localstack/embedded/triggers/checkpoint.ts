import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { DRAFT_ENDING } from '../data/atomic-file.ts';
import { StackError } from '../stack-error.ts';

const schema = z.object({
  /** The engine's own name of the stream: another one is another stream, read from its beginning. */
  stream: z.string(),
  /** Shards by id: the sequence number after which to go on, none for the beginning; and whether all has been read. */
  shards: z.record(z.string(), z.object({ after: z.string().optional(), ended: z.literal(true).optional() })),
});

/** How long a step that delivered nothing may wait to be written: read again, it would deliver nothing again. */
const MOST_UNWRITTEN_MS = 1_000;

type State = z.infer<typeof schema>;
export type ShardPosition = State['shards'][string];

/** How far one event source mapping has come in its stream; it outlives the process. */
export class Checkpoint {
  readonly #path: string;
  #state: State;
  #writtenAtMs = 0;
  #isWritten = true;
  /** False until anything was ever kept: the mapping is new, or its stream is. */
  readonly isKept: boolean;

  private constructor(path: string, state: State, isKept: boolean) {
    this.#path = path;
    this.#state = state;
    this.isKept = isKept;
  }

  /** Reads what was kept about this stream. Throws a `StackError` when the file is damaged, for guessing could skip records. */
  static open(path: string, stream: string): Checkpoint {
    const fresh = { stream, shards: {} };
    if (!existsSync(path)) return new Checkpoint(path, fresh, false);
    const kept = read(path);
    return kept.stream === stream ? new Checkpoint(path, kept, true) : new Checkpoint(path, fresh, false);
  }

  of(shardId: string): ShardPosition {
    return this.#state.shards[shardId] ?? {};
  }

  /** Settled once it is on the disk. */
  async keep(shardId: string, position: ShardPosition): Promise<void> {
    this.#move(shardId, position);
    await this.flush();
  }

  /** For a step that delivered nothing: on the disk soon, or with the next `flush`. */
  async pass(shardId: string, position: ShardPosition): Promise<void> {
    this.#move(shardId, position);
    if (performance.now() - this.#writtenAtMs >= MOST_UNWRITTEN_MS) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#isWritten) return;
    await writeDurably(this.#path, `${JSON.stringify(this.#state)}\n`);
    this.#isWritten = true;
    this.#writtenAtMs = performance.now();
  }

  #move(shardId: string, position: ShardPosition): void {
    this.#state = { ...this.#state, shards: { ...this.#state.shards, [shardId]: position } };
    this.#isWritten = false;
  }
}

function read(path: string): State {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new StackError(
      `The checkpoint ${path} is damaged: delete it, and everything in its stream is delivered again, or start empty with npm start -- --reset.`,
    );
  }
}

async function writeDurably(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}${DRAFT_ENDING}`;
  const file = await open(draft, 'w');
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
