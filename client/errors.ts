import type { Problem } from './types/api.ts';

/** Everything that the client throws, besides the reason of a signal that was aborted: this one closed set. */
export abstract class ZerosumError extends Error {}

/** The options or arguments can't be used as they are; nothing was sent. */
export class ZerosumInvalidError extends ZerosumError {
  override readonly name = 'ZerosumInvalidError';
}

/** The service refused, in its own words: the message tells what to do. */
export class ZerosumProblem extends ZerosumError {
  override readonly name = 'ZerosumProblem';
  readonly document: Problem;
  /** How often it was asked. */
  readonly tries: number;
  /** How long the service asks to be left alone, if it does. */
  readonly retryAfterMs: number | undefined;
  /**
   * An earlier try of the same call got no answer. A 409 or 412 may then be its own doing: read what there is before
   * deciding again.
   */
  readonly afterLostAnswer: boolean;

  constructor(
    document: Problem,
    details: { tries: number; retryAfterMs?: number | undefined; afterLostAnswer?: boolean } = { tries: 1 },
  ) {
    const { tries, retryAfterMs, afterLostAnswer = false } = details;
    const { detail, status, request_id: requestId } = document;
    const mayBeOurs = afterLostAnswer && (status === 409 || status === 412);
    const doubt = mayBeOurs
      ? ' An earlier try of this call got no answer and may have done it: read what there is.'
      : '';
    super(`${detail}${doubt} (${status}, request ${requestId})`);
    this.document = document;
    this.tries = tries;
    this.retryAfterMs = retryAfterMs;
    this.afterLostAnswer = afterLostAnswer;
  }

  /** Which kind of refusal it is: `conflict`, `period_closed`, `forbidden` and so on. */
  get kind(): string {
    return this.document.type.split(':').at(-1) ?? '';
  }
  get status(): number {
    return this.document.status;
  }
  get type(): string {
    return this.document.type;
  }
  get title(): string {
    return this.document.title;
  }
  get detail(): string {
    return this.document.detail;
  }
  get request_id(): string {
    return this.document.request_id;
  }
  /** Every field at fault. */
  get errors(): readonly { field: string; message: string }[] {
    return this.document.errors ?? [];
  }
}

/** No answer came, however often it was asked: whether the service has acted, nobody knows. Sending again is safe. */
export class ZerosumUnreachable extends ZerosumError {
  override readonly name = 'ZerosumUnreachable';
  /** Method and URL, without any credential. */
  readonly request: string;
  readonly tries: number;

  constructor(request: string, tries: number, why: string, options?: { cause?: unknown }) {
    const times = tries === 1 ? 'once' : `${tries} times`;
    super(`${request} got no answer, tried ${times}; the last time: ${why}. Check the URL and that it runs.`, options);
    this.request = request;
    this.tries = tries;
  }
}

/** Something answered that is not Zerosum, or not as its document says: a proxy's page, a redirect, half a body. */
export class ZerosumUnexpectedAnswer extends ZerosumError {
  override readonly name = 'ZerosumUnexpectedAnswer';
  readonly request: string;
  readonly status: number;

  constructor(request: string, status: number, what: string) {
    super(`${request} was answered ${status} with ${what}. Check that the URL is the service's own, stage and all.`);
    this.request = request;
    this.status = status;
  }
}

/** The buffer holds as much as it may: nothing was recorded. Slow down until the service has taken some of it. */
export class ZerosumBufferFull extends ZerosumError {
  override readonly name = 'ZerosumBufferFull';
}

/** Another process works on the spool folder, or this one does already. */
export class ZerosumSpoolLocked extends ZerosumError {
  override readonly name = 'ZerosumSpoolLocked';
}
