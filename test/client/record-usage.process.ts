/**
 * Records events into the spool of its second argument for the API of its first, one after the other, each of one API call
 * and with the next number as its key, until it is killed. Says each number once it is recorded, and how many are accepted.
 */
import { UsageBuffer } from '../../client/buffer/usage-buffer.ts';
import { ZerosumClient } from '../../client/client.ts';
import { DiskSpool } from '../../client/spool/disk-spool.ts';

const [url = '', folder = '', token = ''] = process.argv.slice(2);
const buffer = new UsageBuffer(new ZerosumClient({ url, token }), {
  spool: new DiskSpool(folder, { segmentBytesMax: 4_096 }),
  flushEveryMs: 20,
  onMetrics: ({ accepted }) => console.log(`accepted ${accepted}`),
});
for (let number = 0; ; number += 1) {
  const idempotency_key = `crash-${number}`;
  await buffer.record({ tenant: 'tenant_alpha', metric: 'api_call', quantity: 1, idempotency_key });
  console.log(`recorded ${number}`);
}
