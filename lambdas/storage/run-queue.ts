import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { parseRunId, type ReconcileRun, type RunId } from '../domain/reconcile-run.ts';
import { text } from './item.ts';
import { QueueSender } from './queue-sender.ts';

const messageSchema = z.object({ run_id: text<RunId>(parseRunId) });

/** The queue by which a run goes from one invocation to the next. */
export class RunQueue {
  readonly #sender: QueueSender;

  constructor(client: SQSClient, url: string) {
    this.#sender = new QueueSender(client, url);
  }

  /** Asks for another invocation. A message of a dead one stays invisible for minutes, so each has a group of its own. */
  async send({ id, version }: ReconcileRun): Promise<void> {
    const name = `${id}-${version}`;
    const MessageBody = JSON.stringify({ run_id: id });
    await this.#sender.send({ MessageBody, MessageGroupId: name, MessageDeduplicationId: name });
  }
}

/** The run a message is about; undefined for what is no message of ours. */
export function runOfMessage(body: string): RunId | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(body)).data?.run_id;
  } catch {
    return undefined;
  }
}
