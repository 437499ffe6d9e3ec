import { describe, expect, it } from 'vitest';
import type { Anchor } from '../../lambdas/domain/anchor.ts';
import { type Instant, instantOf } from '../../lambdas/domain/instant.ts';
import { Anchors, anchorClient } from '../../lambdas/storage/anchors.ts';
import { QueueReceiver, receivingClient } from '../../lambdas/storage/queue-receiver.ts';
import { QueueSender, sendingClient } from '../../lambdas/storage/queue-sender.ts';
import { must, NOW, NOW_MS } from '../support/events.ts';
import { ANCHORS, S3World } from './s3-world.ts';
import { answerCalls } from './seam.ts';
import type { Service } from './service.ts';
import { bodies, message, QUEUE, SqsWorld } from './sqs-world.ts';

/** Has a client's calls answered by a simulated service, at once. */
function answeredBy<Client extends Parameters<typeof answerCalls>[0]>(client: Client, service: Service): Client {
  answerCalls(client, async (command, input) => service.arrive({ command, input, caller: 'test' })());
  return client;
}

describe('the SDK clients of the functions, answered by simulated services', () => {
  it('send, and learn what was taken and how deep the queue is', async () => {
    const world = new SqsWorld({ failEntry: 0.5 });
    const sender = new QueueSender(answeredBy(sendingClient(), world.sqs), QUEUE.url);
    const messages = Array.from({ length: 12 }, (_, index) => message(`m${index}`, 'g', `d${index}`));
    const refused = await sender.sendAll(messages);
    expect(refused.size).toBeGreaterThan(0);
    expect(String([...refused.values()][0])).toMatch('InternalError');
    expect(await sender.depth()).toBe(12 - refused.size);
    await sender.send(message('last', 'other', 'd'));
    expect(bodies(world.receive(1))).toEqual(
      [messages.findIndex((_, index) => !refused.has(index))].map((at) => `m${at}`),
    );
  });

  it('give back what is to come again, and learn that it is too late for that', async () => {
    const world = new SqsWorld();
    const receiver = new QueueReceiver(answeredBy(receivingClient(), world.sqs), QUEUE.url);
    world.send('1');
    const batch = world.receive();
    await receiver.comeAgainIn(batch, 0);
    await expect(receiver.comeAgainIn(batch, 0)).rejects.toThrow('MessageNotInflight');
    expect(bodies(world.receive())).toEqual(['1']);
  });

  it('put anchors once, and find them by list and by key', async () => {
    const world = new S3World({ shortPage: 1 });
    const anchors = new Anchors(answeredBy(anchorClient(), world.s3), ANCHORS.name);
    const anchor = (at: Instant): Anchor => ({ kind: 'run', at, previous: null, heads: [], seals: [], intake: [] });
    const links = [];
    for (let day = 0; day < 5; day += 1) {
      const at = instantOf(NOW_MS + day * 86_400_000);
      links.push(must(await anchors.putRun('run_1', 1, anchor(at))));
    }
    expect(await anchors.putRun('run_1', 1, anchor(instantOf(NOW_MS)))).toBeUndefined();
    const first = must(links[0]);
    expect(await anchors.get(first.key)).toEqual({ status: 'found', anchor: anchor(NOW), link: first });
    expect(await anchors.get('runs/never.json')).toEqual({ status: 'missing' });
    expect((await anchors.keysAfter(first.key)).length).toBeLessThan(4);
    expect(await anchors.lastRunKey(instantOf(NOW_MS + 86_400_000))).toBe(links.at(-1)?.key);
    world.s3.overwrite(ANCHORS.name, first.key, '{}');
    expect(await anchors.get(first.key)).toMatchObject({ status: 'damaged' });
  });
});
