import { randomUUID } from 'node:crypto';
import { ZerosumProblem, ZerosumUnexpectedAnswer, ZerosumUnreachable } from '../errors.ts';
import { UNAVAILABLE } from './failure.ts';
import type { Output } from './output.ts';
import { inert } from './text/inert.ts';

/** The key that was given, or a new one. */
export function keyOf(given: string | undefined): string {
  return given ?? randomUUID();
}

/**
 * Does it; when it stays open whether it was done, tells the key with which the same command is safe to give again, and
 * throws all the same.
 */
export async function withKeyOnFailure<Result>(
  key: string,
  output: Output,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isOpen(error))
      output.note(`It may have been accepted or not. To send it again safely, repeat it with --key ${inert(key)}`);
    throw error;
  }
}

function isOpen(error: unknown): boolean {
  const isUnavailable = error instanceof ZerosumProblem && UNAVAILABLE.has(error.status);
  return isUnavailable || error instanceof ZerosumUnreachable || error instanceof ZerosumUnexpectedAnswer;
}
