/** Why a file can't be imported as a whole, or no further; the message says what to do. */
export class ImportError extends Error {}

/** The service has taken nothing for too long. What was settled is kept: the same import goes on there. */
export class GaveUpError extends Error {}
