import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Authority } from './authority/authority.ts';
import { compile } from './compile.ts';
import { Control } from './control/control.ts';
import { DataFolder } from './data/data-folder.ts';
import { stopLeftBehind } from './data/left-behind.ts';
import { keepSecrets } from './data/secrets-file.ts';
import { StackFile } from './data/stack-file.ts';
import { type AwsJson, awsJson } from './engines/aws-json.ts';
import { DYNAMODB_SERVICE, dynamodbEngine, STREAMS_SERVICE } from './engines/dynamodb.ts';
import { EngineSet } from './engines/engine-set.ts';
import { S3_ENGINE, type S3Api, s3Api, s3Engine } from './engines/s3.ts';
import { SQS_ENGINE, SQS_SERVICE, sqsEngine } from './engines/sqs.ts';
import { CrashPoints } from './functions/crash-points.ts';
import { functionEnvironment } from './functions/environment.ts';
import { LogFolder } from './functions/logs.ts';
import { FunctionRegistry, shortName } from './functions/registry.ts';
import type { WorkerSettings } from './functions/worker-process.ts';
import { ApiRegistry } from './gateway/api.ts';
import { Gateway } from './gateway/server.ts';
import type { Options } from './options.ts';
import { poll } from './polling.ts';
import type { Progress } from './progress.ts';
import { createResources, plan } from './resources/create.ts';
import type { FunctionDeclaration, Host } from './resources/host.ts';
import { StackError } from './stack-error.ts';
import { synthesise } from './synthesis.ts';
import { readAssembly } from './template/assembly.ts';

const REGION = 'us-east-1';
const ACCOUNT_ID = '000000000000';

/** The table the development seeds go into, by its short name. */
const SEEDED_TABLE = 'Config';

/** Workers whose channel closed end at once; one stuck in a loop is killed after this. */
const WORKER_STOP_TIMEOUT_MS = 1_000;

const WORKER = fileURLToPath(new URL('functions/worker.ts', import.meta.url));

interface Engines {
  readonly dynamodb: AwsJson;
  readonly sqs: AwsJson;
  readonly s3: S3Api;
}

/** Everything a CDK app declares, running on this machine: from `start` until `stop`. */
export class EmbeddedStack {
  readonly #options: Options;
  readonly #progress: Progress;
  readonly #onFatal: (error: StackError) => void;
  readonly #gateway = new Gateway(ACCOUNT_ID);
  readonly #functions = new FunctionRegistry();
  readonly #recreateQueues: (() => Promise<void>)[] = [];
  readonly #synthesis = new AbortController();
  #data: DataFolder | undefined;
  #file: StackFile | undefined;
  #engines: EngineSet | undefined;
  #logs: LogFolder | undefined;
  #control: Control | undefined;
  #host: Host | undefined;
  #stopping = false;

  /** @param onFatal told when a started stack cannot go on */
  constructor(options: Options, progress: Progress, onFatal: (error: StackError) => void) {
    this.#options = options;
    this.#progress = progress;
    this.#onFatal = onFatal;
  }

  /** Brings everything up and gives the API's URL. Throws a `StackError` that says what a person can do. */
  async start(): Promise<string> {
    const { dataFolder, port, reset } = this.#options;
    const url = await this.#gateway.listen(port);
    const data = DataFolder.open(dataFolder);
    this.#data = data;
    const leftBehind = await stopLeftBehind(data.file('stack.json'), data.path);
    if (leftBehind.length > 0) this.#progress(`stopped what was left behind (process ${leftBehind.join(', ')})`);
    if (reset) data.reset();
    mkdirSync(data.file('logs'), { recursive: true });
    keepSecrets(data.file('secrets.json'));
    const file = new StackFile(data.file('stack.json'), { region: REGION, accountId: ACCOUNT_ID });
    this.#file = file;
    const engines = new EngineSet(file, this.#progress, this.#onFatal);
    this.#engines = engines;
    this.#progress(`data folder ${data.path}${reset ? ', emptied' : ''}`);

    const [assembly, dynamodb, sqs, s3] = await Promise.all([
      this.#assemble(data),
      this.#startDynamodb(data, engines),
      this.#startSqs(data, engines),
      this.#startS3(data, engines),
      compile(WORKER, data.file('worker.mjs')),
    ]);
    const host = this.#createHost(data, assembly.assets, { dynamodb, sqs, s3 });
    this.#host = host;
    await host.authority.open();
    await createResources(assembly.plan, host);
    host.authority.begin(host);
    this.#checkOverrides();
    const api = host.apis.only;
    const { tables, queues, buckets } = host;
    this.#progress(`created tables: ${tables.length}, queues: ${queues.length}, buckets: ${buckets.length}`);
    await this.#seed(host);
    await this.#warmFunctions();
    this.#gateway.serve(api, data.file('secrets.json'));
    const controlUrl = await this.#startControl(data);
    for (const trigger of host.triggers) trigger.start();
    file.update({
      url,
      controlUrl,
      ...(api.stageName !== undefined && { stage: api.stageName }),
      tables: tables.map(labelled),
      queues: queues.map(labelled),
      buckets: buckets.map(labelled),
    });
    this.#writeFunctions();
    this.#progress(`serving ${api.methods.length} routes, ${host.triggers.length} triggers`);
    return url;
  }

  /** Ends everything in order: no new work, what is under way, the processes. Safe at any moment after `start` began. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#synthesis.abort();
    await Promise.all([this.#gateway.stop(), ...(this.#host?.triggers ?? []).map((trigger) => trigger.stop())]);
    this.#control?.stop();
    for (const pool of this.#functions.all) pool.stop();
    await this.#workersGone();
    this.#host?.authority.close();
    await this.#engines?.stop();
    this.#close();
  }

  /** Ends everything at once. */
  kill(): void {
    this.#stopping = true;
    for (const pool of this.#functions.all) pool.kill();
    this.#engines?.kill();
    this.#close();
  }

  #close(): void {
    this.#logs?.close();
    this.#file?.remove();
    this.#data?.close();
  }

  async #assemble(data: DataFolder) {
    const folder = this.#options.assembly ?? data.file('assembly');
    if (this.#options.assembly === undefined) {
      this.#progress('synthesising the CDK app');
      await synthesise(folder, data.file('logs', 'synthesis.log'), this.#synthesis.signal);
    }
    const assembly = readAssembly(folder);
    this.#progress(`read the template of ${[...assembly.templates.keys()].join(', ')}`);
    return { assets: assembly.assets, plan: plan(assembly) };
  }

  async #startDynamodb(data: DataFolder, engines: EngineSet): Promise<AwsJson> {
    const folder = data.file('dynamodb');
    const command = (port: number) => dynamodbEngine({ port, folder }, this.#options.engine);
    return awsJson(await engines.start('dynamodb', command), DYNAMODB_SERVICE);
  }

  async #startSqs(data: DataFolder, engines: EngineSet): Promise<AwsJson> {
    const script = await compile(SQS_ENGINE, data.file('queue-engine.mjs'));
    const recreateQueues = async () => {
      for (const recreate of this.#recreateQueues) await recreate();
    };
    return awsJson(await engines.start('sqs', (port) => sqsEngine(port, script), recreateQueues), SQS_SERVICE);
  }

  async #startS3(data: DataFolder, engines: EngineSet): Promise<S3Api> {
    const script = await compile(S3_ENGINE, data.file('bucket-engine.mjs'));
    const folder = data.file('buckets');
    return s3Api(await engines.start('s3', (port) => s3Engine({ port, folder }, script)));
  }

  #createHost(data: DataFolder, assets: ReadonlyMap<string, string>, engines: Engines): Host {
    const logs = new LogFolder(data.file('logs'));
    this.#logs = logs;
    const endpoints = { dynamodb: engines.dynamodb.endpoint, sqs: engines.sqs.endpoint, s3: engines.s3.endpoint };
    const record = this.#options.enforcesIam ? logs.writer('authority') : undefined;
    const authority = new Authority(endpoints, record);
    return {
      region: REGION,
      accountId: ACCOUNT_ID,
      assets,
      ...engines,
      streams: awsJson(engines.dynamodb.endpoint, STREAMS_SERVICE),
      functions: this.#functions,
      authority,
      apis: new ApiRegistry(),
      triggers: [],
      tables: [],
      tableStreams: [],
      queues: [],
      buckets: [],
      workerSettings: (declared) => this.#workerSettings(declared, data, logs, authority),
      checkpointFile: (logicalId) => data.file('checkpoints', `${logicalId}.json`),
      functionsChanged: () => this.#writeFunctions(),
      onQueueEngineRestart: (again) => this.#recreateQueues.push(again),
    };
  }

  #workerSettings(
    declared: FunctionDeclaration,
    data: DataFolder,
    logs: LogFolder,
    authority: Authority,
  ): WorkerSettings {
    const label = shortName(declared.logicalId);
    const { functionEnvironment: overrides, profileFolder } = this.#options;
    return {
      script: data.file('worker.mjs'),
      taskRoot: declared.taskRoot,
      memoryMb: declared.memoryMb,
      timeoutMs: declared.timeoutMs,
      log: logs.open(label),
      profileFolder: profileFolder && join(profileFolder, label),
      environment: functionEnvironment({
        ...declared,
        declared: declared.environment,
        overrides: overrides[declared.logicalId] ?? overrides[label] ?? {},
        region: REGION,
        accountId: ACCOUNT_ID,
        endpoints: authority.endpoints,
        credentials: authority.enrol(declared, declared.roleArn),
        secretsFile: data.file('secrets.json'),
      }),
    };
  }

  #checkOverrides(): void {
    for (const name of Object.keys(this.#options.functionEnvironment)) {
      if (this.#functions.named(name) !== undefined) continue;
      throw new StackError(
        `ZEROSUM_FUNCTION_ENVIRONMENT names ${name}, which is no function of the template: mend it.`,
      );
    }
  }

  async #seed(host: Host): Promise<void> {
    const table = host.tables.find(({ logicalId }) => shortName(logicalId) === SEEDED_TABLE);
    if (table === undefined) return;
    // Loaded when needed, for it brings the SDK.
    const { seed } = await import('./seeds.ts');
    await seed({ endpoint: host.dynamodb.endpoint, configTable: table.name });
    this.#progress('seeded development tenants, keys and prices');
  }

  async #warmFunctions(): Promise<void> {
    const pools = this.#functions.all;
    const errors = await Promise.all(pools.map((pool) => pool.warmUp()));
    for (const [at, error] of errors.entries()) {
      const label = shortName(pools[at]?.logicalId ?? '');
      if (error === undefined || this.#stopping) continue;
      throw new StackError(
        `The function ${label} does not load (${error.errorMessage}): mend it; its log is logs/${label}.log in the data folder.`,
      );
    }
    this.#progress(`warmed ${pools.length} functions`);
  }

  async #startControl(data: DataFolder): Promise<string> {
    this.#control = new Control({
      functions: this.#functions,
      crashPoints: new CrashPoints(data.file('crash')),
      engineProcessIds: () => this.#engines?.processIds ?? {},
    });
    return this.#control.listen();
  }

  #writeFunctions(): void {
    if (this.#stopping) return;
    const functions = this.#functions.all.map(({ logicalId, processIds }) => ({
      logicalId,
      label: shortName(logicalId),
      processIds,
    }));
    this.#file?.update({ functions });
  }

  async #workersGone(): Promise<void> {
    const gone = () => (this.#functions.all.every(({ processIds }) => processIds.length === 0) ? true : undefined);
    if (await poll(WORKER_STOP_TIMEOUT_MS, gone)) return;
    for (const pool of this.#functions.all) pool.kill();
    await poll(WORKER_STOP_TIMEOUT_MS, gone);
  }
}

function labelled<Resource extends { readonly logicalId: string }>(resource: Resource): Resource & { label: string } {
  return { ...resource, label: shortName(resource.logicalId) };
}
