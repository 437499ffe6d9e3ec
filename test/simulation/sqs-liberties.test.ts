import { SQSServiceException } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReceivedMessage } from './sqs/message.ts';
import type { SqsNastiness } from './sqs/nastiness.ts';
import { bodies, MAX_RECEIVE_COUNT, message, QUEUE, SqsWorld, VISIBILITY_TIMEOUT_MS } from './sqs-world.ts';

const RUNS = 200;

const seed = fc.nat().map(String);

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

describe('each liberty that SQS may take', () => {
  it('refuses a call for its rate, with nothing done', () => {
    const world = new SqsWorld({ throttle: 1 });
    expect(() => world.send('1')).toThrow(expect.objectContaining({ name: 'RequestThrottled' }));
    expect(world.sqs.depth(QUEUE.name).visible).toBe(0);
  });

  it('leaves out some of a batch: those, sent again, are new, and the others are not', () => {
    fc.assert(
      fc.property(seed, (seed) => {
        const world = new SqsWorld({ failEntry: 0.5 }, seed);
        const Entries = numbers(10).map((Id) => ({ Id, ...message(Id, 'g', Id) }));
        const { Successful, Failed } = world.call('SendMessageBatch', { Entries }) as Record<string, { Id: string }[]>;
        const taken = (Successful ?? []).map(({ Id }) => Id);
        expect([...taken, ...(Failed ?? []).map(({ Id }) => Id)].toSorted()).toEqual(numbers(10));
        expect(Failed).toEqual(
          (Failed ?? []).map(() => expect.objectContaining({ Code: 'InternalError', SenderFault: false })),
        );
        world.sqs.calm();
        world.call('SendMessageBatch', { Entries });
        expect(world.sqs.counts).toMatchObject({ sent: 10, deduplicated: taken.length });
      }),
      { numRuns: RUNS },
    );
  });

  it('brings nothing though there is something', () => {
    const world = new SqsWorld({ emptyReceive: 1 });
    world.send('1');
    expect(world.receive()).toEqual([]);
  });

  it('brings less than there is, and what comes again with more, with fewer or with other neighbours', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 100; seed += 1) {
      const world = new SqsWorld({ shortReceive: 1 }, String(seed));
      for (const group of ['a', 'b']) world.sendAll([`${group}1`, `${group}2`, `${group}3`], group);
      const first = bodies(world.receive());
      world.timeOut();
      const again = bodies(world.receive());
      const [left, joined] = [first.some((one) => !again.includes(one)), again.some((one) => !first.includes(one))];
      seen.add(left ? (joined ? 'others' : 'fewer') : joined ? 'more' : 'the same');
    }
    expect([...seen].toSorted()).toEqual(['fewer', 'more', 'others', 'the same']);
  });

  it('brings groups in any order, and mixed, each in its own order', () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 200; seed += 1) {
      const world = new SqsWorld({ mixGroups: 1 }, String(seed));
      for (const group of ['a', 'b']) world.sendAll([`${group}1`, `${group}2`], group);
      orders.add(bodies(world.receive()).join());
    }
    expect([...orders].toSorted()).toEqual([
      'a1,a2,b1,b2',
      'a1,b1,a2,b2',
      'a1,b1,b2,a2',
      'b1,a1,a2,b2',
      'b1,a1,b2,a2',
      'b1,b2,a1,a2',
    ]);
  });

  it('brings a batch to a second worker, for as long as all of it is under way', () => {
    const world = new SqsWorld({ repeatBatch: 1 });
    world.sendAll(['1', '2']);
    const [first, ...more] = world.receive();
    expect(world.receive()).toEqual([first, ...more]);
    expect(world.sqs.counts).toMatchObject({ received: 4, redelivered: 2 });
    expect(world.receive(1)).toEqual([]);
    world.delete(first);
    expect(world.receive()).toEqual([]);
    world.timeOut();
    expect(bodies(world.receive())).toEqual(['2']);
  });

  it('makes a message visible under a worker in good time, so that two have it and only the second can delete it', () => {
    fc.assert(
      fc.property(seed, (seed) => {
        const world = new SqsWorld({ earlyExpiry: 1 }, seed);
        world.send('1');
        const [first] = world.receive();
        world.nowMs = VISIBILITY_TIMEOUT_MS - 1;
        const [second] = world.receive();
        fc.pre(second !== undefined);
        world.delete(first);
        expect(world.sqs.depth(QUEUE.name)).toEqual({ visible: 0, inFlight: 1 });
        world.delete(second);
        expect(world.sqs.depth(QUEUE.name)).toEqual({ visible: 0, inFlight: 0 });
      }),
      { numRuns: RUNS },
    );
  });

  it('drops a batch on its way, and so may give up what no function ever saw', () => {
    const world = new SqsWorld({ dropBatch: 1 });
    world.send('1');
    for (let time = 1; time <= MAX_RECEIVE_COUNT; time += 1) {
      expect(world.receive()).toEqual([]);
      expect(world.sqs.depth(QUEUE.name)).toEqual({ visible: 0, inFlight: 1 });
      world.timeOut();
    }
    expect(world.receive()).toEqual([]);
    expect(bodies(world.sqs.deadLetters(QUEUE.name))).toEqual(['1']);
  });

  it('brings again what was deleted', () => {
    const world = new SqsWorld({ loseDelete: 1 });
    world.send('1');
    world.delete(...world.receive());
    expect(world.receive()).toEqual([]);
    world.timeOut();
    expect(bodies(world.receive())).toEqual(['1']);
  });

  it('tells how deep a queue was up to a minute ago', () => {
    const world = new SqsWorld({ staleCount: 1 });
    expect(depthTold(world)).toBe(0);
    world.send('1');
    world.nowMs = 60_000;
    expect(depthTold(world)).toBe(0);
    world.nowMs += 1;
    expect(depthTold(world)).toBe(1);
  });

  it('tells a depth that is off by a tenth and one at most', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 30 }), (seed, depth) => {
        const world = new SqsWorld({ wrongCount: 1 }, seed);
        world.sendAll(numbers(depth));
        const told = depthTold(world);
        expect(told).toBeGreaterThanOrEqual(0);
        expect(Math.abs(told - depth)).toBeLessThanOrEqual(Math.ceil(depth / 10) + 1);
      }),
      { numRuns: RUNS },
    );
  });
});

function depthTold(world: SqsWorld): number {
  const answer = world.call('GetQueueAttributes', { AttributeNames: ['ApproximateNumberOfMessages'] });
  const { Attributes = {} } = answer as { Attributes?: Record<string, string> };
  return Number(Attributes['ApproximateNumberOfMessages']);
}

/** A worker, what it got, and how it went about it: what part of a batch it is done with, and when the next thing happens. */
const turn = fc.record({
  sends: fc.array(fc.record({ group: fc.constantFrom('a', 'b', 'c'), id: fc.nat({ max: 20 }) }), { maxLength: 5 }),
  max: fc.integer({ min: 1, max: 10 }),
  deletes: fc.nat({ max: 10 }),
  waitMs: fc.constantFrom(0, 1_000, VISIBILITY_TIMEOUT_MS),
});

const liberties: fc.Arbitrary<Partial<SqsNastiness>> = fc.record({
  throttle: fc.constantFrom(0, 0.2),
  emptyReceive: fc.constantFrom(0, 0.2),
  shortReceive: fc.constantFrom(0, 0.5),
  mixGroups: fc.constantFrom(0, 0.5),
  repeatBatch: fc.constantFrom(0, 0.3),
  earlyExpiry: fc.constantFrom(0, 0.3),
  dropBatch: fc.constantFrom(0, 0.1),
  loseDelete: fc.constantFrom(0, 0.3),
});

type Turn = typeof turn extends fc.Arbitrary<infer One> ? One : never;

/** What came of some turns, and how the rest came once no more liberties were taken. */
function play(turns: readonly Turn[], nastiness: Partial<SqsNastiness>, seed: string) {
  const world = new SqsWorld(nastiness, seed);
  const sent: string[] = [];
  const deliveries: ReceivedMessage[][] = [];
  for (const { sends, max, deletes, waitMs } of turns) {
    for (const { group, id } of sends) {
      const before = world.sqs.counts.sent;
      const body = `${group}${sent.length}`;
      try {
        world.send(body, group, `id-${id}`);
      } catch (error) {
        if (!(error instanceof SQSServiceException)) throw error;
      }
      if (world.sqs.counts.sent > before) sent.push(body);
    }
    const batch = world.receive(max);
    deliveries.push(batch);
    world.delete(...batch.slice(0, deletes));
    world.nowMs += waitMs;
  }
  world.sqs.calm();
  for (let silent = 0; silent < 2; ) {
    const batch = world.receive();
    silent = batch.length === 0 ? silent + 1 : 0;
    deliveries.push(batch);
    world.delete(...batch);
    world.timeOut();
  }
  return { sent, deliveries, deadLetters: world.sqs.deadLetters(QUEUE.name), counts: world.sqs.counts };
}

describe('whatever liberties it takes', () => {
  it('loses nothing, invents nothing, keeps each group in order and gives up only what failed often enough', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 30 }), liberties, seed, (turns, nastiness, seed) => {
        const { sent, deliveries, deadLetters } = play(turns, nastiness, seed);
        const delivered = deliveries.flat();
        const seen = new Set(bodies(delivered));
        expect(new Set([...seen, ...bodies(deadLetters)])).toEqual(new Set(sent));
        for (const group of ['a', 'b', 'c']) {
          const isOfGroup = (body: string) => body.startsWith(group);
          expect([...seen].filter(isOfGroup)).toEqual(sent.filter((body) => isOfGroup(body) && seen.has(body)));
          for (const batch of deliveries) {
            const inBatch = bodies(batch).filter(isOfGroup);
            expect(inBatch).toEqual(inBatch.toSorted((one, other) => sent.indexOf(one) - sent.indexOf(other)));
          }
        }
        for (const { attributes } of delivered) {
          expect(Number(attributes.ApproximateReceiveCount)).toBeLessThanOrEqual(MAX_RECEIVE_COUNT);
        }
        for (const { receiveCount } of deadLetters) expect(receiveCount).toBe(MAX_RECEIVE_COUNT);
      }),
      { numRuns: RUNS },
    );
  });

  it('does the same again for the same seed', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 15 }), liberties, seed, (turns, nastiness, seed) => {
        expect(play(turns, nastiness, seed)).toEqual(play(turns, nastiness, seed));
      }),
      { numRuns: 100 },
    );
  });
});
