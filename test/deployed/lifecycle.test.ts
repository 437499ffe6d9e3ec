import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountContents } from '../../localstack/deployed/account-contents.ts';
import { type Deployment, EmulatedStage, labelled } from '../../localstack/deployed/emulated-stage.ts';
import { emulatorEnvironment } from '../../localstack/deployed/endpoint.ts';
import { functionConfiguration } from '../../localstack/deployed/lambda.ts';
import { synthesise } from '../../localstack/embedded/synthesis.ts';
import { type Answer, request } from '../support/client.ts';
import { must } from '../support/events.ts';
import { temporaryFolder } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';
import { CHANGED } from './changed.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHANGED_APP = fileURLToPath(new URL('changed-app.ts', import.meta.url));
const TENANT = 'tenant_acme';

/** What the README has a reader type to deploy, for the first charge and to throw it all away. */
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const [, onAws = ''] = /## On AWS\n(.*?)\n### /s.exec(readme) ?? [];
const [deployment = '', firstCharge = '', farewell = ''] = [...onAws.matchAll(/```sh\n(.*?)```/gs)].map(
  ([, block]) => block,
);

/** A deployment is seconds on MiniStack, and minutes where it is slow. */
const DEPLOY_TIMEOUT_MS = 600_000;

const endpoint = must(process.env['ZEROSUM_EMULATOR']);
const assembly = must(process.env['ZEROSUM_ASSEMBLY']);

let folder: string;
let stage: EmulatedStage;
let contentsBefore: readonly string[];
let first: Deployment;

beforeAll(async () => {
  folder = temporaryFolder();
  stage = new EmulatedStage(endpoint, folder);
  contentsBefore = await accountContents(endpoint);
  await stage.adapt(assembly);
}, DEPLOY_TIMEOUT_MS);

// The last test destroys it; where one before failed, so does this.
afterAll(async () => {
  if ((await added()).length > 0) await stage.destroy(assembly);
}, DEPLOY_TIMEOUT_MS);

describe('a stage of its own, from the first deployment to the last', () => {
  it(
    'makes its first charge by what the README has a reader type',
    async () => {
      await shell(deployment);
      first = await stage.describe();
      const [outputs = '', ...calls] = firstCharge.split('\n');
      // The name that the stack gives out is AWS's: only there does it lead anywhere.
      expect(await shell(`${outputs}\necho $URL`)).toMatch(/^https:\/\/\S+\/dev\/$/m);
      const said = await shell([`URL=${first.url}/`, ...calls].join('\n'));
      expect(said).toContain('{"accepted":true,"event_id":"api:first"}');
      const tenant = await token('--tenant', TENANT);
      await posted(tenant, 'api:first');
      expect((await send('GET', '/balance', tenant)).json).toEqual({ balance_minor: '100', currency: 'USD' });
    },
    DEPLOY_TIMEOUT_MS,
  );

  it(
    'keeps all data through an update, and goes on with the changed functions',
    async () => {
      const tenant = await token('--tenant', TENANT);
      const paths = ['/balance', '/events/api:first', '/statement'];
      const before = await Promise.all(paths.map((path) => send('GET', path, tenant)));
      expect(before.map(({ status }) => status)).toEqual([200, 200, 200]);
      const updated = await stage.deploy(await synthesiseChanged());

      expect(updated.tables).toEqual(first.tables);
      expect(updated.queues).toEqual(first.queues);
      expect([updated.secrets, updated.buckets]).toEqual([first.secrets, first.buckets]);
      expect(updated.url).toBe(first.url);
      expect(await variable(updated, 'Ingest', 'REQUESTS_PER_WINDOW')).toBe(String(CHANGED.requestsPerWindow));
      expect((await functionConfiguration(endpoint, nameOf(updated, 'Consumer'))).Timeout).toBe(
        CHANGED.consumerTimeoutSeconds,
      );

      const after = await Promise.all(paths.map((path) => send('GET', path, tenant)));
      expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
      expect((await charge(tenant, 'first', 100)).status).toBe(202);
      expect((await charge(tenant, 'first', 101)).status).toBe(409);
      expect((await charge(tenant, 'second', 1)).status).toBe(202);
      await posted(tenant, 'api:second');
      expect((await send('GET', '/balance', tenant)).json.balance_minor).toBe('101');
      const report = await send('POST', '/reconcile', await token('--admin'), { full: true });
      expect(report.json).toMatchObject({ ok: true, discrepancies: [] });
    },
    DEPLOY_TIMEOUT_MS,
  );

  it(
    'leaves nothing behind when it is destroyed, by what the README has a reader type',
    async () => {
      expect((await added()).length).toBeGreaterThan(first.tables.length + first.functions.length);
      await stage.letGo();
      await shell(farewell);
      expect(await added()).toEqual([]);
    },
    DEPLOY_TIMEOUT_MS,
  );
});

/** What a shell says to these commands, in which the CDK takes the assembly for the app and asks nobody. */
async function shell(commands: string): Promise<string> {
  const env = { ...emulatorEnvironment(endpoint), CDK_APP: assembly, CDK_REQUIRE_APPROVAL: 'never' };
  return (await promisify(execFile)('bash', ['-euc', commands], { cwd: ROOT, env })).stdout;
}

/** What the account holds that it did not hold before. */
async function added(): Promise<string[]> {
  return (await accountContents(endpoint)).filter((item) => !contentsBefore.includes(item));
}

/** By the operator's own command, from the secret that the deployment made up. */
async function token(...args: string[]): Promise<string> {
  const command = ['--import', 'tsx', 'bin/token.ts', ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    cwd: ROOT,
    env: emulatorEnvironment(endpoint),
  });
  return stdout.trim();
}

function send(
  method: string,
  path: string,
  bearer: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return request(`${first.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

function charge(bearer: string, key: string, quantity: number): Promise<Answer> {
  return send('POST', '/events', bearer, { tenant: TENANT, metric: 'api_call', quantity, idempotency_key: key });
}

function posted(bearer: string, eventId: string): Promise<void> {
  return waitFor(`${eventId} to be posted`, async () => {
    return (await send('GET', `/events/${eventId}`, bearer)).json.status === 'posted';
  });
}

async function synthesiseChanged(): Promise<string> {
  const changed = join(folder, 'changed');
  await synthesise(changed, join(folder, 'synthesis.log'), undefined, first.stage, CHANGED_APP);
  return changed;
}

function nameOf({ functions }: Deployment, label: string): string {
  return labelled(functions, label).name;
}

async function variable(deployment: Deployment, label: string, name: string): Promise<string | undefined> {
  return (await functionConfiguration(endpoint, nameOf(deployment, label))).Environment?.Variables?.[name];
}
