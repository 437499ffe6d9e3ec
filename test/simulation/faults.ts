import { EXACT_DYNAMODB, type Nastiness } from './dynamodb/nastiness.ts';
import type { LambdaFaults } from './lambda/lambda.ts';
import type { StreamFaults } from './lambda/stream-source.ts';
import { calmNetwork, type NetworkFaults } from './network.ts';
import type { Random } from './random.ts';
import { EXACT_S3, type S3Nastiness } from './s3/nastiness.ts';
import { EXACT_SQS, type SqsNastiness } from './sqs/nastiness.ts';

/** All that goes wrong in a run, by where it does. */
export interface Faults {
  readonly network: NetworkFaults;
  readonly dynamodb: Nastiness;
  readonly sqs: SqsNastiness;
  readonly s3: S3Nastiness;
  readonly lambda: LambdaFaults;
  readonly stream: StreamFaults;
}

export const noFaults: Faults = {
  network: calmNetwork,
  dynamodb: EXACT_DYNAMODB,
  sqs: EXACT_SQS,
  s3: EXACT_S3,
  lambda: { coldStart: 0, skewMs: 0, queueLossPerMinute: 0 },
  stream: { lagMs: 0, repeat: 0 },
};

/** The worst of each: a seed takes a part of it. Deaths come at every call, and an invocation makes a dozen or a hundred. */
const worst: Faults = {
  network: { death: 0.02, lostCall: 0.02, lostAnswer: 0.03, slow: 0.05 },
  dynamodb: {
    ...{ throttled: 0.03, mixedRead: 0.5, staleRead: 0.5, staleMsMax: 3_000 },
    ...{ lateIndex: 0.5, lateIndexMsMax: 5_000, shortPage: 0.1, partialBatch: 0.1, maskedReason: 0.3 },
  },
  sqs: {
    ...{ throttle: 0.03, failEntry: 0.05, emptyReceive: 0.2, shortReceive: 0.3, mixGroups: 0.5, repeatBatch: 0.05 },
    ...{ earlyExpiry: 0.1, dropBatch: 0.05, loseDelete: 0.05, staleCount: 0.5, wrongCount: 0.5 },
  },
  s3: { throttle: 0.05, shortPage: 0.3, conflict: 0.3 },
  lambda: { coldStart: 0.1, skewMs: 3_000, queueLossPerMinute: 0.3 },
  stream: { lagMs: 5_000, repeat: 0.1 },
};

/**
 * The faults of one run: of each kind none, a little or much, so that seeds differ in what they try and not only in when
 * (swarm testing; Groce et al., ISSTA 2012).
 * @param without kinds such as `network.death` that are left out
 */
export function drawFaults(random: Random, without: ReadonlySet<string> = new Set()): Faults {
  const draw = (kind: string, most: number) => {
    const part = random.pick([0, 0.1, 0.5, 1]);
    return without.has(kind) ? 0 : most * part;
  };
  const parts = Object.entries(worst).map(([part, kinds]) => [
    part,
    Object.fromEntries(Object.entries(kinds).map(([kind, most]) => [kind, draw(`${part}.${kind}`, most as number)])),
  ]);
  return Object.fromEntries(parts) as unknown as Faults;
}

/** Every kind of fault, by the name that leaves it out. */
export const faultKinds: readonly string[] = Object.entries(worst).flatMap(([part, kinds]) =>
  Object.keys(kinds).map((kind) => `${part}.${kind}`),
);
