/** What one check has seen, and what to do about it. */
export interface Finding {
  /** What was checked, in a word or two. */
  readonly check: string;
  /** `warn`: it works, or will, but not for ever or not as it is meant. */
  readonly state: 'ok' | 'warn' | 'FAIL';
  readonly seen: string;
  readonly cure?: string;
}

export function ok(check: string, seen: string): Finding {
  return { check, state: 'ok', seen };
}

export function warn(check: string, seen: string, cure: string): Finding {
  return { check, state: 'warn', seen, cure };
}

export function fail(check: string, seen: string, cure: string): Finding {
  return { check, state: 'FAIL', seen, cure };
}
