import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageBuffer } from '../../client/buffer/usage-buffer.ts';
import { ZerosumClient } from '../../client/client.ts';
import { DiskSpool } from '../../client/spool/disk-spool.ts';
import { mint } from '../support/client.ts';
import { impatientSweep } from '../support/kills.ts';
import { type EmbeddedStack, startEmbeddedStack, temporaryFolder } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';

const TENANT = 'tenant_alpha';

/** A service that records usage, and what it has said of it. */
class Recorder {
  readonly process: ChildProcess;
  said = '';

  constructor(url: string, folder: string, token: string) {
    const args = ['--import', 'tsx', 'test/client/record-usage.process.ts', url, folder, token];
    this.process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.process.stdout?.on('data', (chunk: Buffer) => {
      this.said += chunk.toString('utf8');
    });
  }

  last(word: 'recorded' | 'accepted'): number {
    return Number([...this.said.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? -1);
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await once(this.process, 'close');
  }
}

describe('a buffer whose service and whose server are both killed', () => {
  let stack: EmbeddedStack;
  afterAll(() => stack?.stop());

  it('loses nothing that was recorded, and has it charged once', async () => {
    stack = await startEmbeddedStack(impatientSweep);
    const { url, data } = stack;
    const token = await mint({ tenant_id: TENANT });
    const folder = temporaryFolder();

    const recorder = new Recorder(url, folder, token);
    await waitFor('some to be accepted', () => recorder.last('accepted') >= 50);
    await stack.kill();
    const recordedByThen = recorder.last('recorded');
    await waitFor('more to be recorded meanwhile', () => recorder.last('recorded') >= recordedByThen + 200);
    await recorder.kill();
    const recorded = recorder.last('recorded') + 1;
    expect(recorder.last('accepted')).toBeLessThan(recorded);

    stack = await startEmbeddedStack({ ...impatientSweep, data, env: { PORT: new URL(url).port } });
    const client = new ZerosumClient({ url: stack.url, token });
    const buffer = new UsageBuffer(client, { spool: new DiskSpool(folder) });
    await buffer.flush();
    expect(buffer.metrics).toMatchObject({ rejected: 0, retries: 0, pendingBytes: 0 });
    await buffer.close();
    expect(readdirSync(folder).filter((name) => name.endsWith('.events'))).toEqual([]);

    // Everything that was said to be recorded, and at most the one that was being recorded when it was killed.
    const keys = Array.from({ length: recorded + 1 }, (_, number) => `crash-${number}`);
    const total = async () => Number((await client.balance()).balance_minor);
    // The killed queue has forgotten what was accepted last: the sweep finds it.
    await waitFor('every one to be charged', async () => {
      await stack.invoke('Reconcile', { task: 'sweep' });
      return (await total()) >= recorded;
    });
    const charged = await total();
    expect(charged - recorded).toBeLessThanOrEqual(1);

    // Were one of them charged under another key, or missing, this would not come to their number.
    for (let start = 0; start < keys.length; start += 1_000) {
      const events = keys.slice(start, start + 1_000).map((key) => {
        return { tenant: TENANT, metric: 'api_call', quantity: 1, idempotency_key: key };
      });
      expect(await client.sendBatch(events)).toMatchObject({ accepted: events.length, rejected: 0 });
    }
    await waitFor('the last', async () => (await total()) >= keys.length);
    const lines = await client.statementLines().toArray();
    expect(lines).toHaveLength(keys.length);
    expect(await total()).toBe(keys.length);
  });
});
