/** An error as Lambda reports it to the caller of a function. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** From the stack to a worker. */
export type ToWorker =
  | { readonly kind: 'invoke'; readonly requestId: string; readonly event: unknown; readonly deadlineMs: number }
  /** The crash points armed from now on, each with the file whose removal is the right to die there. */
  | { readonly kind: 'arm'; readonly points: Readonly<Record<string, string>> };

/** From a worker to the stack. `cpuMs` is the worker's processor time since its last message. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly cpuMs: number }
  | { readonly kind: 'unfit'; readonly error: FunctionError }
  | { readonly kind: 'result'; readonly requestId: string; readonly payload: unknown; readonly cpuMs: number }
  | { readonly kind: 'failure'; readonly requestId: string; readonly error: FunctionError; readonly cpuMs: number };
