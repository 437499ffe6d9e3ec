import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.ts';
import { Control } from './control/control.ts';
import { writeAtomically } from './data/atomic-file.ts';
import { DataFolder } from './data/data-folder.ts';
import { stopLeftBehind } from './data/left-behind.ts';
import { StackFile } from './data/stack-file.ts';
import { developmentSecrets } from './development.ts';
import { type AwsJson, awsJson } from './engines/aws-json.ts';
import { DYNAMODB_SERVICE, dynamodbEngine, STREAMS_SERVICE } from './engines/dynamodb.ts';
import { Engine, type EngineCommand } from './engines/engine.ts';
import { freePort } from './engines/free-port.ts';
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
import { messageOf, StackError } from './stack-error.ts';
import { synthesise } from './synthesis.ts';
import { readAssembly } from './template/assembly.ts';

const REGION = 'us-east-1';
const ACCOUNT_ID = '000000000000';

/** The table the development seeds go into, by its short name. */
const SEEDED_TABLE = 'Config';

/** Workers whose channel closed end at once; one stuck in a loop is killed after this. */
const WORKER_STOP_TIMEOUT_MS = 1_000;

/** How often an engine is given another port when the one it got is taken meanwhile. */
const PORT_ATTEMPTS = 3;

const WORKER = fileURLToPath(new URL('functions/worker.ts', import.meta.url));

type EngineRole = 'dynamodb' | 'sqs';

/** Everything a CDK app declares, running on this machine: from `start` until `stop`. */
export class EmbeddedStack {
  readonly #options: Options;
  readonly #progress: Progress;
  readonly #onFatal: (error: StackError) => void;
  readonly #gateway = new Gateway(ACCOUNT_ID);
  readonly #functions = new FunctionRegistry();
  readonly #engines = new Map<EngineRole, Engine>();
  readonly #recreateQueues: (() => Promise<void>)[] = [];
  readonly #synthesis = new AbortController();
  #data: DataFolder | undefined;
  #file: StackFile | undefined;
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
    writeAtomically(data.file('secrets.json'), JSON.stringify(developmentSecrets), 0o600);
    this.#file = new StackFile(data.file('stack.json'), { region: REGION, accountId: ACCOUNT_ID });
    this.#progress(`data folder ${data.path}${reset ? ', emptied' : ''}`);

    const [assembly, dynamodb, sqs] = await Promise.all([
      this.#assemble(data),
      this.#startDynamodb(data),
      this.#startSqs(data),
      compile(WORKER, data.file('worker.mjs')),
    ]);
    const host = this.#createHost(data, assembly.assets, dynamodb, sqs);
    this.#host = host;
    await createResources(assembly.plan, host);
    this.#checkOverrides();
    const api = host.apis.only;
    this.#progress(`created ${host.tables.length} tables, ${host.queues.length} queues`);
    await this.#seed(host);
    await this.#warmFunctions();
    this.#gateway.serve(api);
    const controlUrl = await this.#startControl(data);
    for (const trigger of host.triggers) trigger.start();
    this.#file.update({
      url,
      controlUrl,
      ...(api.stageName !== undefined && { stage: api.stageName }),
      tables: host.tables.map((table) => ({ ...table, label: shortName(table.logicalId) })),
      queues: host.queues.map((queue) => ({ ...queue, label: shortName(queue.logicalId) })),
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
    await Promise.all([...this.#engines.values()].map((engine) => engine.stop()));
    this.#close();
  }

  /** Ends everything at once. */
  kill(): void {
    this.#stopping = true;
    for (const pool of this.#functions.all) pool.kill();
    for (const engine of this.#engines.values()) engine.kill();
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

  async #startDynamodb(data: DataFolder): Promise<AwsJson> {
    const folder = data.file('dynamodb');
    const forgetsNothing = async () => undefined;
    const command = (port: number) => dynamodbEngine({ port, folder }, this.#options.engine);
    return awsJson(await this.#startEngine('dynamodb', command, forgetsNothing), DYNAMODB_SERVICE);
  }

  async #startSqs(data: DataFolder): Promise<AwsJson> {
    const script = await compile(SQS_ENGINE, data.file('queue-engine.mjs'));
    const recreateQueues = async () => {
      for (const recreate of this.#recreateQueues) await recreate();
    };
    return awsJson(await this.#startEngine('sqs', (port) => sqsEngine(port, script), recreateQueues), SQS_SERVICE);
  }

  /** Starts an engine on a free port and gives its endpoint. */
  async #startEngine(
    role: EngineRole,
    commandFor: (port: number) => EngineCommand,
    restarted: () => Promise<void>,
    attempts = PORT_ATTEMPTS,
  ): Promise<string> {
    const command = commandFor(await freePort());
    const { name, endpoint } = command;
    const started = (processId: number) => {
      // Written before it serves: should this process be killed now, the next one must find it.
      this.#file?.update({ engines: { ...this.#file.info.engines, [role]: { name, endpoint, processId } } });
    };
    const engine = new Engine(command, { started, restarted, failed: this.#onFatal }, this.#progress);
    if (this.#stopping) throw new StackError('Stopped while starting.');
    this.#engines.set(role, engine);
    try {
      await engine.start();
    } catch (error) {
      // Between finding the port free and listening on it, another process may have taken it.
      if (this.#stopping || attempts === 1 || !/in use/.test(messageOf(error))) throw error;
      return this.#startEngine(role, commandFor, restarted, attempts - 1);
    }
    this.#progress(`started the ${name} engine at ${endpoint}`);
    return endpoint;
  }

  #createHost(data: DataFolder, assets: ReadonlyMap<string, string>, dynamodb: AwsJson, sqs: AwsJson): Host {
    const logs = new LogFolder(data.file('logs'));
    this.#logs = logs;
    return {
      region: REGION,
      accountId: ACCOUNT_ID,
      assets,
      dynamodb,
      streams: awsJson(dynamodb.endpoint, STREAMS_SERVICE),
      sqs,
      functions: this.#functions,
      apis: new ApiRegistry(),
      triggers: [],
      tables: [],
      tableStreams: [],
      queues: [],
      workerSettings: (declared) => this.#workerSettings(declared, data, logs, { dynamodb, sqs }),
      checkpointFile: (logicalId) => data.file('checkpoints', `${logicalId}.json`),
      functionsChanged: () => this.#writeFunctions(),
      onQueueEngineRestart: (again) => this.#recreateQueues.push(again),
    };
  }

  #workerSettings(
    declared: FunctionDeclaration,
    data: DataFolder,
    logs: LogFolder,
    engines: { dynamodb: AwsJson; sqs: AwsJson },
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
        dynamodbEndpoint: engines.dynamodb.endpoint,
        sqsEndpoint: engines.sqs.endpoint,
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
      engineProcessIds: () => Object.fromEntries([...this.#engines].map(([role, engine]) => [role, engine.processId])),
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
