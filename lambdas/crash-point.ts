/** The places at which a process may die and nothing may be lost or charged twice; the crash tests kill at each. */
export type CrashPoint =
  | 'ingest:before-intake'
  | 'ingest:after-intake'
  | 'ingest:after-send'
  | 'adjustment:after-intake'
  | 'adjustment:after-send'
  | 'consumer:before-commit'
  | 'consumer:after-commit'
  | 'consumer:before-acknowledge'
  | 'admin:after-claim'
  | 'admin:after-gate'
  | 'admin:before-seal'
  | 'admin:after-seal'
  | 'reconcile:before-send'
  | 'reconcile:after-send'
  | 'reconcile:before-watermark'
  | 'reconcile:between-steps'
  | 'projector:after-meter'
  | 'projector:before-cursor'
  | 'projector:before-acknowledge'
  | 'projector:after-rebuilt-meter'
  | 'projector:before-generation';

/** Under this symbol the embedded stack's worker may install a function that kills the process at a named point. */
export const CRASH_HOOK = Symbol.for('zerosum.crash-hook');

/** Does nothing, unless the embedded stack's worker has installed its hook: nothing in a deployed function can. */
export function crashPoint(point: CrashPoint): void {
  const hook = (globalThis as { [CRASH_HOOK]?: (point: CrashPoint) => void })[CRASH_HOOK];
  hook?.(point);
}
