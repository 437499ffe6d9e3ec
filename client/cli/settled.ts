import { setTimeout as sleep } from 'node:timers/promises';
import type { ZerosumClient } from '../client.ts';
import type { Receipt } from '../types/api.ts';
import { CommandError } from './failure.ts';
import type { Output } from './output.ts';
import { inert } from './text/inert.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** Posting takes a second; after this long a person should look for the cause (`dead-letters`). */
const PATIENCE_MS = 60_000;

/**
 * The receipt as soon as the event is posted or refused. Throws a CommandError when it takes too long; whatever it throws, it
 * tells before that the event is accepted.
 */
export async function settledReceipt(client: ZerosumClient, eventId: string, output: Output): Promise<Receipt> {
  try {
    return await polled(client, eventId, output);
  } catch (error) {
    output.note(`It is accepted as ${inert(eventId)}; only its receipt is still open.`);
    throw error;
  }
}

async function polled(client: ZerosumClient, eventId: string, output: Output): Promise<Receipt> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (
    let pauseMs = FIRST_PAUSE_MS;
    performance.now() < deadlineMs;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  ) {
    const receipt = await client.receipt(eventId);
    if (receipt.status !== 'accepted') return receipt;
    output.progress(
      `${inert(eventId)} is accepted, not posted yet${receipt.reason === undefined ? '' : `: ${inert(receipt.reason)}`}`,
    );
    await sleep(pauseMs);
  }
  throw new CommandError(
    `It was not posted within ${PATIENCE_MS / 1_000} seconds. Nothing is lost: ask for its receipt later.`,
  );
}
