import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { dynoxide, TABLES, useDynamodb } from '../support/dynamodb.ts';
import { DynoxideImport } from '../support/dynoxide-import.ts';
import { priceBook } from '../support/events.ts';
import { longHistory } from '../support/long-history.ts';

const PROCESS = fileURLToPath(new URL('full-run.process.ts', import.meta.url));

/** A quarter of what a small function has; V8's own default would be gigabytes. */
const HEAP_MB = 128;

const BYTES_PER_MB = 1_048_576;

const EVENTS = 200_000;

/** What may be kept more at the end, of some 24 MB: less than 50 bytes for each event in between. */
const GROWTH_MAX = 1.3;

/** For the whole of it on a machine that may be loaded; nothing is asserted about time. */
const TEST_TIMEOUT_MS = 900_000;

const dynamodb = useDynamodb(dynoxide, async (folder) => {
  const filled = new DynoxideImport(folder);
  // Without its time index, which no run reads.
  filled.addTable(TABLES.intake, TABLES.balances);
  filled.addTable(TABLES.ledger);
  filled.addTable(TABLES.balances);
  for (const { table, items } of longHistory(EVENTS)) await filled.put(TABLES[table], items);
  return filled.finish();
});

interface Outcome {
  readonly found: number;
  readonly isComplete: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly peak: { readonly rssBytes: number; readonly heapBytes: number };
  /** What was left after a collection, from the first look to the last. */
  readonly keptBytes: readonly number[];
}

// Its history comes in by an import that only dynoxide has.
it.runIf(dynoxide.available)(
  'verifies 200,000 events in 128 MB, and keeps no more in hand at the end than at the beginning',
  {
    timeout: TEST_TIMEOUT_MS,
  },
  async () => {
    const config = new ConfigWriter(dynamodb.client(), TABLES.config);
    await config.addLayout();
    await config.addPriceBook(priceBook());

    const { found, isComplete, counts, peak, keptBytes } = await fullRun();
    const quarter = Math.ceil(keptBytes.length / 4);
    const [early, late] = [Math.max(...keptBytes.slice(0, quarter)), Math.max(...keptBytes.slice(-quarter))];
    const sizes = [peak.rssBytes, peak.heapBytes, early, late].map((bytes) => (bytes / BYTES_PER_MB).toFixed(0));
    console.log(
      `MB: resident ${sizes[0]}, heap ${sizes[1]}; kept in the first quarter ${sizes[2]}, in the last ${sizes[3]}`,
    );
    expect({ found, isComplete }).toEqual({ found: 0, isComplete: true });
    expect(counts).toMatchObject({ entries: EVENTS, markers: EVENTS, intake_records: EVENTS });
    // Four times as much has been read by then: whatever grew with it would show.
    expect(late).toBeLessThan(early * GROWTH_MAX);
  },
);

/** A full run in a process with a small heap: one that needs more dies. */
async function fullRun(): Promise<Outcome> {
  const memory = [`--max-old-space-size=${HEAP_MB}`, '--expose-gc'];
  const args = [...memory, '--import', 'tsx', PROCESS, dynamodb.endpoint()];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
