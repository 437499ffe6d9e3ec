/** Why a file can't be imported as a whole, or no further; the message says what to do. */
export class ImportError extends Error {}
