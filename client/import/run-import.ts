import { BATCH_EVENTS_MAX } from '../../lambdas/http/limits.ts';
import { deliver } from './deliver.ts';
import type { Pace } from './pace.ts';
import type { Progress } from './progress-file.ts';
import type { Reject } from './rejects-file.ts';
import type { Row } from './row.ts';
import type { RowKeys } from './row-keys.ts';
import type { RowReader } from './row-reader.ts';
import { malformedRow, type OutgoingEvent, type Service, type Verdict } from './service.ts';

/** How far an import has come, but for its rejects' length. */
type Position = Omit<Progress, 'rejectsBytes'>;

/** All of the world that an import reaches. */
export interface ImportPorts {
  readonly reader: Pick<RowReader, 'rows' | 'prefixHash'>;
  readonly keys: Pick<RowKeys, 'keyOf'>;
  readonly service: Service;
  readonly pace: Pace;
  /** Keeps rejects, and then how far the import has come. */
  readonly settle: (rejects: readonly Reject[], progress: Position) => void;
  /** Told of each row that is read; may warn of it. */
  readonly onRow?: (row: Row) => void;
}

/** Rows are kept until they are settled: so much of their text at once, however long each is. */
const BATCH_TEXT_MAX_CHARS = 1_048_576;

interface KeyedRow {
  readonly row: Row;
  readonly key: string;
}

/** Rows on their way, in the order of the file. */
interface Batch {
  readonly rows: readonly KeyedRow[];
  readonly prefixHash: string;
  readonly verdicts: Promise<readonly Verdict[]>;
}

export const NOTHING_DONE: Position = {
  endByte: 0,
  line: 0,
  prefixHash: '',
  rows: 0,
  accepted: 0,
  rejected: 0,
};

/**
 * Sends every row behind what is done, several batches at once, and settles them in the order of the file. When the signal
 * is aborted it takes no more rows and waits for those under way. Gives how far it has come; throws an ImportError when
 * it can't go on: what was settled stays so.
 */
export async function runImport(
  ports: ImportPorts,
  done: Position,
  options: { readonly parallel: number; readonly signal: AbortSignal },
): Promise<Position> {
  const underWay: Batch[] = [];
  let progress = done;
  let rows: KeyedRow[] = [];
  let chars = 0;

  const launch = () => {
    if (rows.length === 0) return;
    const verdicts = verdictsOf(rows, ports);
    // Its failure is met when its turn to settle comes.
    verdicts.catch(() => undefined);
    underWay.push({ rows, prefixHash: ports.reader.prefixHash(), verdicts });
    rows = [];
    chars = 0;
  };
  const settleFirst = async () => {
    const batch = underWay.shift();
    if (batch !== undefined) progress = settled(progress, batch, await batch.verdicts, ports);
  };

  try {
    for await (const row of ports.reader.rows()) {
      // Also of a row that is done: a later one that says the same counts it.
      const key = ports.keys.keyOf(row);
      if (options.signal.aborted) break;
      ports.onRow?.(row);
      if (row.endByte <= done.endByte) continue;
      rows.push({ row, key });
      chars += row.text.length;
      if (rows.length === BATCH_EVENTS_MAX || chars >= BATCH_TEXT_MAX_CHARS) launch();
      if (underWay.length > options.parallel) await settleFirst();
    }
    if (!options.signal.aborted) launch();
    while (underWay.length > 0) await settleFirst();
  } catch (error) {
    // What was waiting for a better moment was told to end.
    if (!options.signal.aborted) throw error;
  }
  return progress;
}

async function verdictsOf(rows: readonly KeyedRow[], { service, pace }: ImportPorts): Promise<readonly Verdict[]> {
  const events = rows.flatMap(({ row: { reading }, key }): OutgoingEvent[] =>
    reading.event === undefined ? [] : [{ ...reading.event, idempotencyKey: key }],
  );
  const answers = (await deliver(events, service, pace)).values();
  return rows.map(({ row: { reading } }) =>
    reading.faults === undefined ? answers.next().value : malformedRow(reading.faults),
  );
}

function settled(
  before: Position,
  { rows, prefixHash }: Batch,
  verdicts: readonly Verdict[],
  ports: ImportPorts,
): Position {
  const rejects = rows.flatMap(({ row, key }, index): Reject[] => {
    const refusal = verdicts[index];
    return refusal === undefined ? [] : [{ row, key, refusal }];
  });
  const { endByte, line } = rows.at(-1)?.row ?? before;
  const progress = {
    endByte,
    line,
    prefixHash,
    rows: before.rows + rows.length,
    accepted: before.accepted + rows.length - rejects.length,
    rejected: before.rejected + rejects.length,
  };
  ports.settle(rejects, progress);
  return progress;
}
