import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** What the data stack of stage `dev` has, as far as an operator's command looks for it. */
const RESOURCES: readonly Resource[] = [
  { logicalId: 'Ledger0A1B2C3D', type: 'AWS::DynamoDB::Table', physicalId: 'dev-ledger' },
  { logicalId: 'JwtSecret0A1B2C3D', type: 'AWS::SecretsManager::Secret', physicalId: 'arn:jwt' },
  { logicalId: 'WebhookSealSecret0A1B2C3D', type: 'AWS::SecretsManager::Secret', physicalId: 'arn:seal' },
  { logicalId: 'Config0A1B2C3D', type: 'AWS::DynamoDB::Table', physicalId: 'dev-config' },
];

/** AWS with the one stack `zerosum-dev-data`, as far as the operator's commands ask: one resource to a page. */
export class DeployedStage {
  readonly secrets = new Map<string, { text: string; version: string }>();
  readonly #server: Server;
  readonly #tokens = new Map<string, string>();
  #versions = 0;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const { status, type, body } = this.#answer(request, await text(request));
      response.writeHead(status, { 'content-type': type }).end(body);
    });
  }

  static async start(): Promise<DeployedStage> {
    const stage = new DeployedStage();
    stage.#server.listen(0, '127.0.0.1');
    await once(stage.#server, 'listening');
    return stage;
  }

  /** What points the SDK here. */
  get environment(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    const keys = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };
    return { ...keys, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  }

  keep(arn: string, value: object): void {
    this.secrets.set(arn, { text: JSON.stringify(value), version: `version-${++this.#versions}` });
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, body: string) {
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target === '') return { type: 'text/xml', ...stackResources(new URLSearchParams(body)) };
    return { type: 'application/x-amz-json-1.1', ...this.#json(target.split('.')[1] ?? '', JSON.parse(body)) };
  }

  #json(action: string, input: Record<string, string>): { status: number; body: string } {
    const kept = this.secrets.get(input['SecretId'] ?? '');
    if (action === 'Query') return { status: 200, body: JSON.stringify({ Items: [] }) };
    if (kept === undefined) return refused('ResourceNotFoundException');
    if (action === 'GetSecretValue') {
      return { status: 200, body: JSON.stringify({ SecretString: kept.text, VersionId: kept.version }) };
    }
    if (action !== 'PutSecretValue') return refused('UnknownOperationException');
    const { ClientRequestToken: token = '', SecretString = '' } = input;
    // Secrets Manager API Reference, PutSecretValue: the same token with another value is refused.
    if ((this.#tokens.get(token) ?? SecretString) !== SecretString) return refused('ResourceExistsException');
    this.#tokens.set(token, SecretString);
    Object.assign(kept, { text: SecretString, version: token });
    return { status: 200, body: JSON.stringify({ VersionId: token }) };
  }
}

function refused(name: string): { status: number; body: string } {
  return { status: 400, body: JSON.stringify({ __type: name, message: 'No.' }) };
}

function stackResources(query: URLSearchParams): { status: number; body: string } {
  const stack = query.get('StackName');
  if (query.get('Action') !== 'ListStackResources' || stack !== 'zerosum-dev-data') {
    const error = `<Code>ValidationError</Code><Message>Stack with id ${stack} does not exist</Message>`;
    return { status: 400, body: `<ErrorResponse><Error><Type>Sender</Type>${error}</Error></ErrorResponse>` };
  }
  const page = Number(query.get('NextToken') ?? 0);
  const { logicalId, type, physicalId } = RESOURCES[page] as Resource;
  const member = `<member><LogicalResourceId>${logicalId}</LogicalResourceId><PhysicalResourceId>${physicalId}</PhysicalResourceId><ResourceType>${type}</ResourceType></member>`;
  const next = page + 1 < RESOURCES.length ? `<NextToken>${page + 1}</NextToken>` : '';
  const result = `<StackResourceSummaries>${member}</StackResourceSummaries>${next}`;
  return {
    status: 200,
    body: `<ListStackResourcesResponse><ListStackResourcesResult>${result}</ListStackResourcesResult></ListStackResourcesResponse>`,
  };
}
