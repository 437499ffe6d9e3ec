import { type Deployment, EmulatedStage, labelled } from '../../localstack/deployed/emulated-stage.ts';
import { ACCOUNT_ID, REGION } from '../../localstack/deployed/endpoint.ts';
import { functionConfiguration, invokeFunction, setEnvironment } from '../../localstack/deployed/lambda.ts';
import { logText } from '../../localstack/deployed/log-events.ts';
import type { StackInfo } from '../../localstack/embedded/data/stack-file.ts';
import type { Invocation, RunningStack } from './running-stack.ts';
import type { StackOptions } from './stack.ts';

type ErrorPayload = Exclude<Invocation['error'], undefined>;

/** A stage that is deployed to an emulator, and destroyed when it stops. */
export class DeployedStack implements RunningStack {
  readonly #deployment: Deployment;
  readonly #destroy: () => Promise<void>;
  readonly runsSchedulesAtStart = false;

  constructor(deployment: Deployment, destroy: () => Promise<void>) {
    this.#deployment = deployment;
    this.#destroy = destroy;
  }

  get url(): string {
    return this.#deployment.url;
  }

  info(): StackInfo {
    const { endpoint, url, stage, tables, queues, buckets, functions } = this.#deployment;
    const engine = { name: 'emulator', endpoint };
    return {
      processId: process.pid,
      ...{ url, stage, region: REGION, accountId: ACCOUNT_ID },
      engines: { dynamodb: engine, sqs: engine, s3: engine },
      ...{ tables: [...tables], queues: [...queues], buckets: [...buckets] },
      functions: functions.map((one) => ({ ...one, processIds: [] })),
    };
  }

  async invoke(functionName: string, event: unknown): Promise<Invocation> {
    const { endpoint, functions } = this.#deployment;
    const { payload, failed } = await invokeFunction(endpoint, labelled(functions, functionName).name, event);
    return failed ? { kind: 'error', error: payload as ErrorPayload } : { kind: 'result', payload };
  }

  async log(functionName: string): Promise<string> {
    const { endpoint, functions } = this.#deployment;
    const { LoggingConfig } = await functionConfiguration(endpoint, labelled(functions, functionName).name);
    const group = LoggingConfig?.LogGroup;
    if (group === undefined) throw new Error(`${functionName} has no log group.`);
    return logText(endpoint, group);
  }

  table(label: string): string {
    return labelled(this.#deployment.tables, label).name;
  }

  queueUrl(label: string): string {
    return labelled(this.#deployment.queues, label).url;
  }

  queueArn(label: string): string {
    return labelled(this.#deployment.queues, label).arn;
  }

  bucket(label: string): string {
    return labelled(this.#deployment.buckets, label).name;
  }

  engineEndpoint(): string {
    return this.#deployment.endpoint;
  }

  stop(): Promise<void> {
    return this.#destroy();
  }

  get data(): never {
    throw embeddedOnly('a data folder');
  }

  async crash(): Promise<never> {
    throw embeddedOnly('crash points');
  }

  async armed(): Promise<never> {
    throw embeddedOnly('crash points');
  }

  async crashDeaths(): Promise<never> {
    throw embeddedOnly('crash points');
  }

  async disarm(): Promise<never> {
    throw embeddedOnly('crash points');
  }

  async stats(): Promise<never> {
    throw embeddedOnly('statistics');
  }

  async kill(): Promise<never> {
    throw embeddedOnly('processes of its own');
  }
}

/**
 * Deploys the assembly of `ZEROSUM_ASSEMBLY` to the emulator, seeds it as the embedded stack is seeded, and lays the
 * options' variables over those of its functions.
 *
 * @param folder for the log of every command
 */
export async function startDeployedStack(
  endpoint: string,
  folder: string,
  options: StackOptions,
): Promise<DeployedStack> {
  const assembly = process.env['ZEROSUM_ASSEMBLY'];
  if (assembly === undefined) throw new Error('ZEROSUM_ASSEMBLY names no assembly to deploy: npm run test:deployed.');
  if (options.data !== undefined || options.env !== undefined || options.args !== undefined) {
    throw embeddedOnly('a process with options');
  }
  const stage = new EmulatedStage(endpoint, folder);
  const deployment = await stage.deploy(assembly);
  const stack = new DeployedStack(deployment, () => stage.destroy(assembly));
  try {
    await stage.seed(deployment);
    for (const [label, variables] of Object.entries(options.functionEnvironment ?? {})) {
      const { name } = labelled(deployment.functions, label);
      const { Environment } = await functionConfiguration(endpoint, name);
      await setEnvironment(endpoint, name, { ...Environment?.Variables, ...variables });
    }
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

function embeddedOnly(what: string): Error {
  return new Error(
    `A deployed stack has no ${what}: name the test in test/deployed/embedded-only.ts, with the reason.`,
  );
}
