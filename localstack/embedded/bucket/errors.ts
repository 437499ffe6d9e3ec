/** A refusal as S3 words it (Amazon S3 API Reference, "Error responses"). */
export class S3Error extends Error {
  readonly code: string;
  readonly status: number;
  /** More headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The refusal of what this engine leaves out; better than an answer that only looks right. */
export function notImplemented(what: string): S3Error {
  return new S3Error(501, 'NotImplemented', `${what} implies functionality that is not implemented.`);
}

export function invalidArgument(message: string): S3Error {
  return new S3Error(400, 'InvalidArgument', message);
}

export function accessDenied(): S3Error {
  return new S3Error(403, 'AccessDenied', 'Access Denied because object protected by object lock.');
}
