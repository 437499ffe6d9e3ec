export type { BatchSender } from './buffer/delivery.ts';
export { MemorySpool } from './buffer/memory-spool.ts';
export type { Rejection, Spool } from './buffer/spool.ts';
export { type BufferMetrics, type BufferOptions, UsageBuffer } from './buffer/usage-buffer.ts';
export type { CallOptions, Retry, Token } from './caller.ts';
export { type Adjustment, type ClientOptions, type ReconcileOptions, ZerosumClient } from './client.ts';
export {
  ZerosumBufferFull,
  ZerosumError,
  ZerosumInvalidError,
  ZerosumProblem,
  ZerosumSpoolLocked,
  ZerosumUnexpectedAnswer,
  ZerosumUnreachable,
} from './errors.ts';
export type { ChangeOptions } from './keys.ts';
export type { Listing } from './listing.ts';
export { toBigint } from './money.ts';
export type { Answer, Body, OperationId, Query } from './operation-types.ts';
export type { RetryPolicy } from './retry-policy.ts';
export type { ClientClock } from './runtime.ts';
export type * from './types/api.ts';
export type { UsageEvent } from './usage-event.ts';
export type { WebhookSigner } from './webhook-signature.ts';
