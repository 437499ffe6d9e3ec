import { createHash } from 'node:crypto';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { anchorClient } from '../../lambdas/storage/anchors.ts';
import { documentClient } from '../../lambdas/storage/dynamo.ts';
import type { Stage } from '../../lib/stage.ts';
import { type KeptSecret, keptSecretJson, keptSecretOf, type SecretName, type SecretStore } from './kept-secret.ts';
import { OperatorError } from './operator-error.ts';

/** What an operator's commands reach of a stage. */
export interface StageStores {
  readonly secrets: SecretStore;
  /** The table with the webhook keys, whose secrets are sealed. */
  config(): Promise<{ readonly client: DynamoDBDocumentClient; readonly table: string }>;
  /** The bucket of the anchors. */
  anchors(): Promise<{ readonly client: S3Client; readonly bucket: string }>;
  evidence(): Promise<StageEvidence>;
}

/** What a reconciliation reads: the tables by their ids in the data stack, and the anchors. */
export interface StageEvidence {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly s3: S3Client;
  table(id: 'UsageIntake' | 'AdjustmentIntake' | 'Ledger' | 'Balances' | 'Config' | 'Operations'): Promise<string>;
  bucket(): Promise<string>;
}

/** The resources by their logical ids, without the hash that the CDK puts behind each. */
const resources = {
  jwt: { type: 'AWS::SecretsManager::Secret', id: 'JwtSecret' },
  'webhook-seal': { type: 'AWS::SecretsManager::Secret', id: 'WebhookSealSecret' },
  config: { type: 'AWS::DynamoDB::Table', id: 'Config' },
  anchors: { type: 'AWS::S3::Bucket', id: 'Anchors' },
} as const;

/** A deployed stage's, found by its data stack's resources; where AWS is, the SDK's own variables say. */
export function deployedStores(stage: Stage['name']): StageStores {
  const stack = `zerosum-${stage}-data`;
  const find = (what: keyof typeof resources) => physicalId(stack, resources[what]);
  return {
    secrets: new SecretsManagerStore(find),
    config: async () => ({ table: await find('config'), client: documentClient() }),
    // By path, which AWS and every emulator take: not each of them answers under a bucket's own name.
    anchors: async () => ({ bucket: await find('anchors'), client: new S3Client({ forcePathStyle: true }) }),
    evidence: async () => ({
      ...{ dynamodb: documentClient(), s3: anchorClient() },
      table: (id) => physicalId(stack, { type: 'AWS::DynamoDB::Table', id }),
      bucket: () => physicalId(stack, { type: 'AWS::S3::Bucket', id: 'Anchors' }),
    }),
  };
}

async function physicalId(stack: string, { type, id }: { readonly type: string; readonly id: string }) {
  const client = new CloudFormationClient({});
  const pattern = new RegExp(`^${id}[0-9A-F]{8}$`);
  try {
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stack })) {
      const found = StackResourceSummaries.find(
        ({ ResourceType, LogicalResourceId = '' }) => ResourceType === type && pattern.test(LogicalResourceId),
      );
      if (found?.PhysicalResourceId !== undefined) return found.PhysicalResourceId;
    }
  } catch (error) {
    if (!(error instanceof Error) || !/does not exist/i.test(error.message)) throw error;
    throw new OperatorError(
      `There is no stack ${stack} in this account and region: deploy it, or choose another --stage, account or AWS_REGION.`,
    );
  }
  throw new OperatorError(`The stack ${stack} has no ${id}: is it one of Zerosum's, and fully deployed?`);
}

class SecretsManagerStore implements SecretStore {
  readonly #client = new SecretsManagerClient({});
  readonly #find: (name: SecretName) => Promise<string>;
  readonly #seen = new Map<SecretName, { readonly arn: string; readonly version: string }>();

  constructor(find: (name: SecretName) => Promise<string>) {
    this.#find = find;
  }

  async read(name: SecretName): Promise<KeptSecret> {
    const arn = await this.#find(name);
    const { SecretString = '', VersionId = '' } = await this.#client.send(new GetSecretValueCommand({ SecretId: arn }));
    this.#seen.set(name, { arn, version: VersionId });
    return keptSecretOf(SecretString, arn);
  }

  async replace(name: SecretName, next: KeptSecret): Promise<void> {
    const seen = this.#seen.get(name);
    if (seen === undefined) throw new RangeError('A secret is read before it is replaced.');
    // Two who replace the same version send the same token, which Secrets Manager takes for one value alone.
    const ClientRequestToken = createHash('sha256').update(`after ${seen.version}`).digest('hex');
    const SecretString = JSON.stringify(keptSecretJson(next));
    try {
      await this.#client.send(new PutSecretValueCommand({ SecretId: seen.arn, SecretString, ClientRequestToken }));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ResourceExistsException') throw error;
      throw new OperatorError(`Somebody else has just rotated the secret ${name}: nothing was changed here.`);
    }
  }
}
