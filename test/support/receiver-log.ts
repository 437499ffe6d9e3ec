import type { ConsumerPorts } from '../../lambdas/consumer/ports.ts';
import type { ReceivedMessage } from '../../lambdas/storage/queue-receiver.ts';

/** The receiving ends of the queues, which remember what was to come again and when. */
export class ReceiverLog {
  readonly waits: { readonly queue: string; readonly messageIds: readonly string[]; readonly seconds: number }[] = [];
  isDown = false;

  readonly receivers: ConsumerPorts['receivers'] = {
    usage: { comeAgainIn: (messages, seconds) => this.#comeAgainIn('usage', messages, seconds) },
    adjustment: { comeAgainIn: (messages, seconds) => this.#comeAgainIn('adjustment', messages, seconds) },
  };

  async #comeAgainIn(queue: string, messages: readonly ReceivedMessage[], seconds: number): Promise<void> {
    if (this.isDown) throw new Error('no queue');
    this.waits.push({ queue, messageIds: messages.map(({ messageId }) => messageId), seconds });
  }
}
