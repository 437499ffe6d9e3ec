import type { Identity } from '../template/intrinsics.ts';
import type { Place } from './kind.ts';
import { physicalName } from './kind.ts';

const NO_INVOKERS = 'who may invoke a function is not checked; what it says is tested on the template';
const NO_SECRETS = 'secrets are read from a file, which nobody guards';

/** Resource types that are knowingly not run, and why that changes nothing on this machine. */
export const ignoredTypes: ReadonlyMap<string, string> = new Map([
  ['AWS::Lambda::Permission', NO_INVOKERS],
  ['AWS::Logs::LogGroup', 'functions log to files in the data folder, which bound themselves instead of expiring'],
  ['AWS::KMS::Key', 'nothing is encrypted here: the data folder is as safe as the disk it is on'],
  ['AWS::SecretsManager::Secret', 'functions read the development secrets from the file in ZEROSUM_SECRETS_FILE'],
  ['AWS::SecretsManager::ResourcePolicy', NO_SECRETS],
  ['AWS::ApiGateway::Deployment', 'the routes are served as declared; there is only ever the latest'],
  ['AWS::ApiGateway::Account', 'it lets API Gateway write CloudWatch logs, which there are none of'],
  ['AWS::CloudWatch::Alarm', 'there is no CloudWatch: metrics are lines in the functions’ logs'],
  ['AWS::CloudWatch::Dashboard', 'there is no CloudWatch: metrics are lines in the functions’ logs'],
  ['AWS::SNS::Topic', 'only alarms publish to it'],
  ['AWS::SNS::TopicPolicy', 'nobody publishes to the topic'],
  ['AWS::SNS::Subscription', 'only alarms publish to the topic'],
  ['AWS::CDK::Metadata', 'it tells AWS which constructs are in use'],
]);

/** What references to an ignored resource give: a stable name, and for any ARN one made of it. */
export function ignoredIdentity(type: string, place: Place, at: { region: string; accountId: string }): Identity {
  const name = physicalName(place);
  const service = type.split('::')[1]?.toLowerCase() ?? '';
  const arn = `arn:aws:${service}:${at.region}:${at.accountId}:${name}`;
  return {
    ref: type === 'AWS::SecretsManager::Secret' ? arn : name,
    attribute: (attribute) => (attribute === 'Arn' ? arn : `${name}-${attribute}`),
  };
}
