import { failedMessages } from '../../../localstack/embedded/triggers/batch-response.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SimulatedSqs } from '../sqs/sqs.ts';
import type { FunctionName } from './functions.ts';
import type { SimulatedLambda } from './lambda.ts';

/** SQS's limit for a FIFO event source, which the stack's mappings have. */
const BATCH_MAX = 10;

/** Between looks at a queue: soon when there was something, ever later when there was nothing. */
const SOON_MS = 20;
const LATE_MS = 2_000;

/** A batch whose function has died stays invisible till its timeout; the queue holds its groups locked meanwhile. */
const BATCHES_AT_ONCE = 8;

interface Props {
  readonly scheduler: Scheduler;
  readonly sqs: SimulatedSqs;
  readonly lambda: SimulatedLambda;
  readonly random: Random;
}

/** A queue as a function's event source: batches at once, each deleted as far as the function says that it is done. */
export class QueueSource {
  readonly #props: Props;
  readonly #queue: string;
  readonly #target: FunctionName;
  #underWay = 0;
  #waitMs = SOON_MS;

  constructor(queue: string, target: FunctionName, props: Props) {
    this.#queue = queue;
    this.#target = target;
    this.#props = props;
  }

  start(): void {
    const { scheduler, random } = this.#props;
    scheduler.after(random.integer(1, this.#waitMs), '', () => {
      this.#poll();
      this.start();
    });
  }

  #poll(): void {
    if (this.#underWay >= BATCHES_AT_ONCE) return;
    const Records = this.#props.sqs.receive(this.#queue, BATCH_MAX);
    this.#waitMs = Records.length > 0 ? SOON_MS : Math.min(LATE_MS, this.#waitMs * 2);
    if (Records.length === 0) return;
    this.#underWay += 1;
    void this.#deliver(Records);
  }

  async #deliver(Records: ReturnType<SimulatedSqs['receive']>): Promise<void> {
    const { lambda, sqs } = this.#props;
    const outcome = await lambda.invoke(this.#target, { Records }).outcome;
    this.#underWay -= 1;
    if (outcome.kind === 'failed') return;
    const ids = Records.map(({ messageId }) => messageId);
    const failed = failedMessages({ kind: 'result', payload: outcome.payload }, ids, true);
    const done = Records.filter(({ messageId }) => !failed.has(messageId));
    sqs.delete(
      this.#queue,
      done.map(({ receiptHandle }) => receiptHandle),
    );
  }
}
