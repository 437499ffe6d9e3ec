import type { SQSClient } from '@aws-sdk/client-sqs';
import { type AdjustmentMessage, encodeAdjustmentMessage } from './adjustment-message.ts';
import type { Resend } from './event-message.ts';
import { QueueSender } from './queue-sender.ts';

/** The sending end of `adjustments.fifo`. */
export class AdjustmentQueue {
  readonly #sender: QueueSender;

  constructor(client: SQSClient, url: string) {
    this.#sender = new QueueSender(client, url);
  }

  async send(message: AdjustmentMessage, resend?: Resend): Promise<void> {
    await this.#sender.send(encodeAdjustmentMessage(message, resend));
  }

  depth(): Promise<number> {
    return this.#sender.depth();
  }
}
