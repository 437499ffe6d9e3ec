import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { emptyBucket } from '../../bin/operator/empty-bucket.ts';
import { developmentSecrets } from '../embedded/development.ts';
import { shortName } from '../embedded/functions/registry.ts';
import { seed } from '../embedded/seeds.ts';
import { Cdk } from './cdk.ts';
import { isMiniStack } from './emulator.ts';
import { ACCOUNT_ID, CREDENTIALS, REGION } from './endpoint.ts';
import { restartFunction } from './lambda.ts';
import { adaptToMiniStack } from './ministack-assembly.ts';
import { type StackResource, stackResources } from './stack-resources.ts';

/** A resource of a deployment; `label` is the logical id without the CDK's hash. */
interface Named {
  readonly logicalId: string;
  readonly label: string;
  readonly name: string;
}

/** What is deployed, and where it is found. */
export interface Deployment {
  readonly endpoint: string;
  /** Of the REST API, its stage included. */
  readonly url: string;
  readonly stage: string;
  readonly tables: readonly Named[];
  readonly queues: readonly (Named & { readonly url: string; readonly arn: string })[];
  readonly buckets: readonly Named[];
  readonly functions: readonly Named[];
  readonly secrets: readonly Named[];
  readonly resources: readonly StackResource[];
}

/** The development secret behind each of the stack's, by the label of the resource. */
const SECRETS: Readonly<Record<string, object>> = {
  JwtSecret: developmentSecrets.jwt,
  WebhookSealSecret: developmentSecrets.webhookSeal,
};

/** The stacks of one stage in an emulator, deployed from assemblies by the CDK's own command line. */
export class EmulatedStage {
  readonly #endpoint: string;
  readonly #cdk: Cdk;
  readonly #stage: string;

  /** @param folder where the log of every command is kept */
  constructor(endpoint: string, folder: string, stage = 'dev') {
    this.#endpoint = endpoint;
    this.#cdk = new Cdk(endpoint, join(folder, 'cdk.log'));
    this.#stage = stage;
  }

  bootstrap(assembly: string): Promise<void> {
    return this.#cdk.bootstrap(assembly);
  }

  /** Changes the templates of an assembly where the emulator refuses them. */
  async adapt(assembly: string): Promise<void> {
    if (await isMiniStack(this.#endpoint)) adaptToMiniStack(assembly);
  }

  /** Deploys an assembly, over what there is. */
  async deploy(assembly: string): Promise<Deployment> {
    await this.adapt(assembly);
    await this.#cdk.deploy(assembly);
    return this.describe();
  }

  /** Gives it the development tenants, prices, keys and secrets, by which any of the README's tokens is good. */
  async seed({ tables, secrets }: Deployment): Promise<void> {
    const client = new SecretsManagerClient({ endpoint: this.#endpoint, region: REGION, credentials: CREDENTIALS });
    for (const { label, name } of secrets) {
      const secret = SECRETS[label];
      if (secret === undefined) throw new Error(`There is no development secret for ${label}: give it one.`);
      await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: JSON.stringify(secret) }));
    }
    client.destroy();
    await seed({ endpoint: this.#endpoint, configTable: labelled(tables, 'Config').name });
  }

  /**
   * Destroys what the assembly declares. The anchors go first: CloudFormation deletes no bucket that holds anything, and
   * whoever may bypass governance may empty it (never in `prod`, whose lock is a compliance one).
   */
  async destroy(assembly: string): Promise<void> {
    const { buckets } = await this.describe();
    const at = { endpoint: this.#endpoint, region: REGION, credentials: CREDENTIALS, forcePathStyle: true };
    const client = new S3Client(at);
    for (const { name } of buckets) await emptyBucket(client, name);
    client.destroy();
    await this.letGo();
    await this.#cdk.destroy(assembly);
  }

  /** MiniStack would leave the processes of a deleted function running: a function that changes lets go of them. */
  async letGo(): Promise<void> {
    const { functions } = await this.describe();
    await Promise.all(functions.map(({ name }) => restartFunction(this.#endpoint, name)));
  }

  /** What is deployed now. */
  async describe(): Promise<Deployment> {
    const resources = await stackResources(this.#endpoint, (name) => this.#owns(name));
    const named = (type: string): Named[] =>
      resources
        .filter((resource) => resource.type === type)
        .map(({ logicalId, physicalId }) => ({ logicalId, label: shortName(logicalId), name: physicalId }));
    const [api] = named('AWS::ApiGateway::RestApi');
    if (api === undefined) throw new Error(`The stage ${this.#stage} is not deployed at ${this.#endpoint}: deploy it.`);
    return {
      endpoint: this.#endpoint,
      url: `${this.#endpoint}/restapis/${api.name}/${this.#stage}/_user_request_`,
      stage: this.#stage,
      tables: named('AWS::DynamoDB::Table'),
      queues: named('AWS::SQS::Queue').map((queue) => ({ ...queue, url: queue.name, arn: queueArn(queue.name) })),
      buckets: named('AWS::S3::Bucket'),
      functions: named('AWS::Lambda::Function'),
      secrets: named('AWS::SecretsManager::Secret'),
      resources,
    };
  }

  #owns(stackName: string): boolean {
    return stackName === `zerosum-${this.#stage}` || stackName.startsWith(`zerosum-${this.#stage}-`);
  }
}

/** The resource of this label. Throws when there is none. */
export function labelled<Resource extends Named>(resources: readonly Resource[], label: string): Resource {
  const found = resources.find((resource) => resource.label === label);
  if (found !== undefined) return found;
  throw new Error(`There is no ${label}, only ${resources.map((one) => one.label).join(', ')}.`);
}

/** A queue's ARN says what its URL does. */
function queueArn(url: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${url.slice(url.lastIndexOf('/') + 1)}`;
}
