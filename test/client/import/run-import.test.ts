import { describe, expect, it } from 'vitest';
import { clientService } from '../../../client/import/client-service.ts';
import { GaveUpError } from '../../../client/import/import-error.ts';
import { Pace } from '../../../client/import/pace.ts';
import type { Reject } from '../../../client/import/rejects-file.ts';
import { RowKeys } from '../../../client/import/row-keys.ts';
import { RowReader } from '../../../client/import/row-reader.ts';
import { NOTHING_DONE, runImport } from '../../../client/import/run-import.ts';
import { BusyError, type OutgoingEvent, type Service, type Verdict } from '../../../client/import/service.ts';
import { BATCH_BODY_MAX_BYTES, BATCH_EVENTS_MAX } from '../../../lambdas/http/limits.ts';
import { readOptions } from './rows.ts';

const UNAVAILABLE = { status: 503, title: 'Temporarily unavailable', detail: 'Send it again.' };
const CONFLICT = { status: 409, title: 'This id was used with another payload', detail: 'Use another key.' };

/** A file of so many good rows, their keys counting from 0. */
function file(rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => `a,1,${index}`);
  return `metric,quantity,idempotency_key\n${lines.join('\n')}\n`;
}

interface Run {
  readonly parallel?: number;
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/** Imports a text through a service; gives what was settled, step by step. */
async function run(text: string, service: Service, { parallel = 3, patienceMs = 60_000, signal }: Run = {}) {
  const end = signal ?? new AbortController().signal;
  const steps: { readonly rows: number; readonly rejects: readonly Reject[] }[] = [];
  const progress = await runImport(
    {
      reader: new RowReader(chunks(text), readOptions('x.csv')),
      keys: new RowKeys(''),
      service,
      pace: new Pace(parallel, patienceMs, end),
      settle: (rejects, { rows }) => void steps.push({ rows, rejects }),
    },
    NOTHING_DONE,
    { parallel, signal: end },
  );
  return { progress, steps };
}

async function* chunks(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/** A service that takes everything, and what it was sent. */
class Taking implements Service {
  readonly batches: string[][] = [];
  running = 0;
  most = 0;

  async send(events: readonly OutgoingEvent[]): Promise<readonly Verdict[]> {
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    this.batches.push(events.map(({ idempotencyKey }) => idempotencyKey));
    const verdicts = await this.answer(events, this.batches.length);
    this.running -= 1;
    return verdicts;
  }

  protected async answer(events: readonly OutgoingEvent[], _call: number): Promise<readonly Verdict[]> {
    await new Promise(setImmediate);
    return events.map(() => undefined);
  }
}

describe('an import', () => {
  it('sends batches of a thousand, some at once, and settles them in the order of the file', async () => {
    const release: (() => void)[] = [];
    class Backwards extends Taking {
      protected override async answer(events: readonly OutgoingEvent[], call: number) {
        // The first is answered only when the second has been.
        if (call === 1) await new Promise<void>((go) => release.push(go));
        else release.shift()?.();
        return events.map(() => undefined);
      }
    }
    const service = new Backwards();
    const { progress, steps } = await run(file(3_500), service);
    expect(service.batches.map(({ length }) => length)).toEqual([1_000, 1_000, 1_000, 500]);
    expect(steps.map(({ rows }) => rows)).toEqual([1_000, 2_000, 3_000, 3_500]);
    expect(progress).toMatchObject({ rows: 3_500, accepted: 3_500, rejected: 0, line: 3_501 });
    expect(service.most).toBeLessThanOrEqual(3);
  });

  it('sends what could not be written again under the same key, and what is refused never', async () => {
    class Partly extends Taking {
      protected override async answer(events: readonly OutgoingEvent[], call: number) {
        return events.map(({ idempotencyKey }) =>
          idempotencyKey === '1' ? CONFLICT : call === 1 && idempotencyKey === '2' ? UNAVAILABLE : undefined,
        );
      }
    }
    const service = new Partly();
    const { progress, steps } = await run(`${file(3)}bad\n`, service);
    expect(service.batches).toEqual([['0', '1', '2'], ['2']]);
    expect(progress).toMatchObject({ rows: 4, accepted: 2, rejected: 2 });
    const rejects = steps[0]?.rejects.map(({ row, refusal }) => [row.line, refusal.status]);
    expect(rejects).toEqual([
      [3, 409],
      [5, 400],
    ]);
  });

  it('slows down for a service that has too much to do, and loses nothing', async () => {
    class Busy extends Taking {
      protected override async answer(events: readonly OutgoingEvent[], call: number) {
        if (call <= 2) throw new BusyError('Too many requests', 0);
        return super.answer(events, call);
      }
    }
    const service = new Busy();
    const { progress } = await run(file(2_000), service, { parallel: 2 });
    expect(progress.accepted).toBe(2_000);
    expect(service.batches).toHaveLength(4);
  });

  it('gives up when nothing is taken for too long, and at once when there is no use in waiting', async () => {
    const busy = { send: () => Promise.reject(new BusyError('It is down.')) };
    await expect(run(file(1), busy, { patienceMs: -1 })).rejects.toThrow(GaveUpError);
    const denied = { send: () => Promise.reject(new Error('No valid credential')) };
    await expect(run(file(5_000), denied)).rejects.toThrow('No valid credential');
  });

  it('takes no more rows once it is told to stop, and settles what was answered', async () => {
    const stop = new AbortController();
    class Stopping extends Taking {
      protected override async answer(events: readonly OutgoingEvent[], call: number) {
        if (call === 2) stop.abort();
        return super.answer(events, call);
      }
    }
    const { progress } = await run(file(20_000), new Stopping(), { parallel: 1, signal: stop.signal });
    expect(progress.rows).toBeGreaterThan(0);
    expect(progress.rows).toBeLessThan(20_000);
  });

  it('ends well when it is told to stop while the service is down, however much of the file is left', async () => {
    const stop = new AbortController();
    const down: Service = {
      send: () => {
        setImmediate(() => stop.abort());
        return Promise.reject(new BusyError('It is down.'));
      },
    };
    const { progress } = await run(file(20_000), down, { parallel: 1, signal: stop.signal });
    expect(progress).toEqual(NOTHING_DONE);
  });
});

it('takes no event for accepted that the answer does not name', async () => {
  const accepted = (index: number) => ({ index, status: 202 as const, event_id: `api:${index}` });
  const service = clientService({
    sendCloudEvents: () => Promise.resolve({ accepted: 2, rejected: 0, results: [accepted(2), accepted(0)] }),
  });
  const event = { metric: 'a', quantity: 1, idempotencyKey: 'k' };
  const verdicts = await service.send([event, event, event]);
  expect(verdicts.map((verdict) => verdict?.status)).toEqual([undefined, 503, undefined]);
});

it('fits into a request at its largest', async () => {
  let bytes = 0;
  const service = clientService({
    sendCloudEvents: (events) => {
      bytes = JSON.stringify(events).length;
      return Promise.resolve({ accepted: 0, rejected: 0, results: [] });
    },
  });
  const largest = {
    tenant: '\u0001'.repeat(256),
    metric: '\u0001'.repeat(64),
    quantity: 10 ** 12,
    idempotencyKey: '\u0001'.repeat(200),
    eventDate: '2026-11-24T00:00:00.000000000+00:00',
  };
  await service.send(Array.from({ length: BATCH_EVENTS_MAX }, () => largest));
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(BATCH_BODY_MAX_BYTES);
});
