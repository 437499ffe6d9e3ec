/**
 * With which code a command ends, so that a script need not read words. From 64 on they are those of sysexits.h, where it
 * has one.
 */
export const EXIT = {
  /** Done, and all is well. */
  ok: 0,
  /** The service refused it, or it failed. */
  failed: 1,
  /** Done, and the finding is bad: the books drift, a chain is broken. */
  finding: 2,
  /** Nobody can have meant these arguments (`EX_USAGE`). */
  usage: 64,
  /** The service can't be reached, or says 503: try again later (`EX_UNAVAILABLE`). */
  unavailable: 69,
  /** No valid credential, or one that may not do this (`EX_NOPERM`). */
  denied: 77,
  /** Ctrl-C: 128 and the number of SIGINT, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For the end of `zerosum --help`. */
export const EXIT_CODES_HELP = `Exit codes:
  0    done, and all is well
  1    refused by the service, or failed
  2    done, with a bad finding: reconcile, audit or trial-balance found that something is wrong
  64   wrong use
  69   the service can't be reached, or says it is not available
  77   no valid credential, or not allowed with it
  130  interrupted`;
