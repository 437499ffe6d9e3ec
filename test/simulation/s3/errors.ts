import { AccessDenied, InvalidRequest, NoSuchBucket, NoSuchKey, S3ServiceException } from '@aws-sdk/client-s3';

/** HTTP status by code (Amazon S3 API Reference, "Error responses"). */
const STATUS = {
  AccessDenied: 403,
  BadDigest: 400,
  ConditionalRequestConflict: 409,
  InvalidArgument: 400,
  InvalidRequest: 400,
  MethodNotAllowed: 405,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchVersion: 404,
  PreconditionFailed: 412,
  SlowDown: 503,
} as const;

/** The SDK has a class for these; every other code comes as a plain service exception. */
const MODELED: Readonly<Partial<Record<string, new (options: Options) => S3ServiceException>>> = {
  AccessDenied,
  InvalidRequest,
  NoSuchBucket,
  NoSuchKey,
};

interface Options {
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode: number };
}

/** The exception of the SDK that a refusal of this code arrives as. */
export function refusal(code: keyof typeof STATUS, message: string): S3ServiceException {
  const options = { message, $metadata: { httpStatusCode: STATUS[code] } };
  const Modeled = MODELED[code];
  if (Modeled !== undefined) return new Modeled(options);
  return new S3ServiceException({ name: code, $fault: STATUS[code] < 500 ? 'client' : 'server', ...options });
}
