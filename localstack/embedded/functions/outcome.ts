import type { FunctionError } from './messages.ts';

/**
 * How an invocation ended: `error` is one the handler threw; `crash`, `timeout` and `unfit` (the bundle does not load)
 * ended its process; `throttled` never began.
 */
export type Outcome =
  | { readonly kind: 'result'; readonly payload: unknown }
  | { readonly kind: 'error' | 'crash' | 'timeout' | 'unfit' | 'throttled'; readonly error: FunctionError };
