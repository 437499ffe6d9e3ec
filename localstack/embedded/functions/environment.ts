import type { Endpoints } from '../authority/authority.ts';
import type { Credentials } from '../authority/credentials.ts';

/** What a function's declaration and the machine's engines give its processes. */
export interface FunctionFacts {
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  readonly taskRoot: string;
  readonly memoryMb: number;
  readonly region: string;
  readonly accountId: string;
  readonly endpoints: Endpoints;
  readonly credentials: Credentials;
  /** Stands in for Secrets Manager. */
  readonly secretsFile: string;
  readonly declared: Readonly<Record<string, string>>;
  /** Laid over everything else; for tests. */
  readonly overrides: Readonly<Record<string, string>>;
}

/**
 * The whole environment of a function's process: what Lambda sets ("Using Lambda environment variables", Defined
 * runtime environment variables), where the services are, and what the template declares. Nothing of this machine's own
 * environment or AWS configuration gets in.
 */
export function functionEnvironment(facts: FunctionFacts): Record<string, string> {
  return {
    _HANDLER: facts.handler,
    LAMBDA_TASK_ROOT: facts.taskRoot,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_REGION: facts.region,
    AWS_DEFAULT_REGION: facts.region,
    AWS_ACCOUNT_ID: facts.accountId,
    AWS_EXECUTION_ENV: `AWS_Lambda_${facts.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: facts.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(facts.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${facts.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'embedded',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_ACCESS_KEY_ID: facts.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: facts.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: facts.credentials.sessionToken,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // The oldest Node that Zerosum supports is used on purpose; the SDK would warn of it in every process.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: facts.endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: facts.endpoints.sqs,
    AWS_ENDPOINT_URL_S3: facts.endpoints.s3,
    ZEROSUM_SECRETS_FILE: facts.secretsFile,
    ...facts.declared,
    ...facts.overrides,
  };
}
