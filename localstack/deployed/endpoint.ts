import { devNull } from 'node:os';

/** The account and region of everything that is deployed to an emulator. */
export const ACCOUNT_ID = '000000000000';
export const REGION = 'us-east-1';

/** What emulators take for the account above, and AWS for nobody. */
export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** Names under which AWS itself answers. */
const AWS_HOSTS = /(^|\.)(amazonaws\.com(\.cn)?|api\.aws|aws\.amazon\.com|on\.aws)$/i;

/** The endpoint without a slash at its end. Throws a sentence unless it is a URL, and not one of AWS's own. */
export function emulatorEndpoint(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Error(`The emulator's endpoint is ${JSON.stringify(text)}: give a URL such as http://127.0.0.1:4566.`);
  }
  const { hostname } = new URL(text);
  if (AWS_HOSTS.test(hostname)) {
    throw new Error(`${hostname} is AWS itself: this deploys to emulators alone; for an account there is cdk deploy.`);
  }
  return text.replace(/\/+$/, '');
}

/**
 * The environment of a process that is to see the emulator and nothing else: no profile, role or key of whoever runs it
 * reaches it, so that even a mistake in the endpoint could not touch a real account.
 */
export function emulatorEnvironment(endpoint: string): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    AWS_ENDPOINT_URL: emulatorEndpoint(endpoint),
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CDK_DISABLE_VERSION_CHECK: '1',
  };
}
