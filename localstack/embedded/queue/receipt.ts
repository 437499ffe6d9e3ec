import { QueueError } from './errors.ts';

/** One delivery of one message: a later delivery of it has a higher count, and so another handle. */
export interface Receipt {
  readonly messageId: string;
  readonly receiveCount: number;
}

/** The opaque handle a consumer gets. */
export function receiptHandle({ messageId, receiveCount }: Receipt): string {
  return Buffer.from(`${messageId}:${receiveCount}`).toString('base64url');
}

const DECODED_HANDLE = /^([0-9a-f-]{36}):(\d+)$/;

/** Reads a handle back. Throws `ReceiptHandleIsInvalid` for text that never was one. */
export function parseReceiptHandle(handle: string): Receipt {
  const [, messageId, receiveCount] = DECODED_HANDLE.exec(Buffer.from(handle, 'base64url').toString()) ?? [];
  if (messageId === undefined || receiveCount === undefined) {
    throw new QueueError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  return { messageId, receiveCount: Number(receiveCount) };
}
