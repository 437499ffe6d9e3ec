import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyCommand, Credential } from '../../client/cli/command.ts';
import { commands } from '../../client/cli/commands.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { groupBy } from '../../lambdas/group-by.ts';
import { inParallel } from '../../lambdas/in-parallel.ts';
import { stored } from '../../lambdas/storage/item.ts';
import { intakeKey } from '../../lambdas/storage/keys.ts';
import { UsageIntake } from '../../lambdas/storage/usage-intake.ts';
import { encodeUsageMessage } from '../../lambdas/storage/usage-message.ts';
import { AdminClient } from '../support/admin-client.ts';
import { engineClient } from '../support/audit.ts';
import { mint, TenantClient } from '../support/client.ts';
import { CommandLine, type Ended, type Surroundings } from '../support/command-line.ts';
import { metric, must, tenantId, usageEvent } from '../support/events.ts';
import { type EmbeddedStack, startEmbeddedStack, temporaryFolder } from '../support/stack.ts';
import { StackQueue } from '../support/stack-queue.ts';
import { waitFor } from '../support/wait-for.ts';

const TIMEOUT_MS = 5_000;

/** What the examples read. */
const EXAMPLE_FILES = {
  'prices.json': '{"currency":"USD","unit_prices":{"api_call":1,"storage_gb_hour":5}}',
  'usage.csv': 'metric,quantity,idempotency_key\napi_call,1,row-1\n',
  'export.csv': 'product,units\napi_call,2\n',
  'october.csv.rejects.ndjson': `${JSON.stringify({
    event: { tenant: 'tenant_alpha', metric: 'api_call', quantity: 3, idempotency_key: 'mended-1' },
  })}\n`,
};

/** Each is a process that mostly waits. */
const FAMILIES_AT_ONCE = 4;

let stack: EmbeddedStack;
let cli: CommandLine;
let admin: AdminClient;
let adminToken: string;
let tenants = 0;

beforeAll(async () => {
  [stack, cli] = await Promise.all([startEmbeddedStack(), CommandLine.build()]);
  admin = new AdminClient(() => stack.url);
  adminToken = await mint({ admin: true, sub: 'cli' });
});
afterAll(() => stack?.stop());

/** A tenant of a test's own: its token, and the API as it sees it without the command line. */
async function newTenant(): Promise<{ id: string; token: string; api: TenantClient }> {
  tenants += 1;
  const id = `cli_${tenants}`;
  await admin.post('/tenants', { tenant: id, name: `Tenant ${tenants}` });
  return { id, token: await mint({ tenant_id: id }), api: new TenantClient(() => stack.url, id) };
}

function run(args: readonly string[], token: string, more: Partial<Surroundings> = {}): Promise<Ended> {
  return cli.run(args, { url: stack.url, token, ...more });
}

/** What a command says that must work and have nothing to remark. */
async function said(args: readonly string[], token: string): Promise<string> {
  const { code, stdout, stderr } = await run(args, token);
  expect([code, stderr], args.join(' ')).toEqual([0, '']);
  return stdout;
}

describe('every example of every help', () => {
  it('works as it stands on a development stack', async () => {
    const folder = mkdtempSync(join(temporaryFolder(), 'examples-'));
    for (const [name, text] of Object.entries(EXAMPLE_FILES)) writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, 'usage.csv'), 'metric,quantity,idempotency_key\napi_call,1,u1\n');
    writeFileSync(join(folder, 'export.csv'), 'product,units,idempotency_key\napi_call,1,u2\n');
    const mended = { event: { metric: 'api_call', quantity: 1, idempotency_key: 'u3' } };
    writeFileSync(join(folder, 'october.csv.rejects.ndjson'), JSON.stringify(mended));
    const token = async (whose: string) => (await cli.run(['token', whose], { url: stack.url })).stdout.trim();
    const tokens: Partial<Record<Credential, string>> = { tenant: await token('alpha'), admin: await token('admin') };
    const runExamples = async ({ credential, examples }: AnyCommand) => {
      const held = tokens[credential];
      const surroundings = { url: stack.url, ...(held !== undefined && { token: held }) };
      for (const { line } of examples) {
        const { code, stderr } = await cli.shell(`cd '${folder}' && zerosum ${line}`, surroundings);
        expect(code, `${line}: ${stderr}`).toBe(0);
      }
    };
    const families = groupBy(commands, ({ name }) => name.split(' ', name.startsWith('keys ') ? 2 : 1).join(' '));
    // What is sent is what the others read; but within a family they touch nothing of each other.
    for (const command of families.get('send') ?? []) await runExamples(command);
    await new TenantClient(() => stack.url, 'tenant_alpha').settled('api:first');
    families.delete('send');
    await inParallel(families.values(), FAMILIES_AT_ONCE, async (family) => {
      for (const command of family) await runExamples(command);
    });
  });

  it('stands at the end of the help of its command', async () => {
    for (const name of ['send', 'keys', 'keys api', 'tenants add']) {
      const { stdout } = await cli.run([...name.split(' '), '--help'], { url: stack.url });
      expect(stdout).toMatch(new RegExp(`\nExamples:\n(  # .*\n  zerosum ${name} .*\n)+$`));
    }
  });
});

describe('token', () => {
  it('prints the development tokens, alone', async () => {
    const { stdout, stderr, code } = await cli.run(['token', 'beta'], { url: stack.url });
    expect([code, stderr]).toEqual([0, '']);
    expect(stack.stdout).toContain(stdout.trim());
  });

  it('says where tokens come from when the service hands out none', async () => {
    const { code, stderr } = await cli.run(['token', 'alpha'], { url: `${stack.url}/nowhere` });
    expect(code).toBe(1);
    expect(stderr).toContain('npm run --silent token');
  });
});

describe('a tenant', () => {
  it('sends once however often, waits for the receipt, and reads what it came to', async () => {
    const { token, api } = await newTenant();
    const first = ['send', 'storage_gb_hour', '500', '--key', 'k', '--date', new Date().toISOString()];
    expect(await said(first, token)).toBe('Accepted as api:k\n');
    expect(await said([...first, '--json'], token)).toBe('{"accepted":true,"event_id":"api:k"}\n');
    const waited = await run([...first, '--wait'], token);
    expect(waited.code).toBe(0);
    expect(waited.stdout).toMatch(/^Status {4}posted$/m);
    expect(waited.stdout).toMatch(/^Amount {9}25.00 USD$/m);
    const again = await run(['send', 'storage_gb_hour', '501', '--key', 'k'], token);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(
      /^This id was used with another payload \(409\)\n {2}This id stands for another payload/,
    );

    expect(await said(['balance'], token)).toBe('25.00 USD\n');
    expect(await said(['balance', '--json'], token)).toBe(`${(await api.get('/balance')).text}\n`);

    const receipt = await said(['receipt', 'api:k'], token);
    for (const heading of ['Event', 'Journal entry', 'Postings', 'Proof']) expect(receipt).toContain(heading);
    expect(receipt).toMatch(/^receivable +25.00$/m);
    expect(receipt).toMatch(/^revenue +-25.00$/m);
    expect(await said(['receipt', 'api:k', '--json'], token)).toBe(`${(await api.receipt('api:k')).text}\n`);
    const proof = (await api.get('/events/api:k?proof=full')).text;
    expect(await said(['receipt', 'api:k', '--proof', '--json'], token)).toBe(`${proof}\n`);
    expect(await said(['receipt', 'api:k', '--proof'], token)).toContain(JSON.parse(proof).proof.prev_hash);
    expect((await run(['receipt', 'api:never'], token)).code).toBe(1);
  });

  it('lists a month as a table, as CSV and as JSON, also an idle one', async () => {
    const { token, api } = await newTenant();
    for (const [name, quantity] of [
      ['api_call', '1234567'],
      ['storage_gb_hour', '2'],
    ] as const) {
      await said(['send', name, quantity, '--key', name], token);
      await api.settled(`api:${name}`);
    }
    const table = await said(['statement'], token);
    expect(table).toMatch(/^POSTED \(UTC\) .* QUANTITY +AMOUNT/);
    expect(table).toMatch(/ api_call +1,234,567 +12,345.67 /);
    expect(table).toMatch(/ storage_gb_hour +2 +0.10 /);
    expect(table).toMatch(/^Total {2}12,345.77 USD$/m);
    expect(await said(['statement', '--json'], token)).toBe(`${(await api.get('/statement')).text}\n`);
    const csv = (await said(['statement', '--csv'], token)).split('\r\n');
    expect(csv).toHaveLength(4);
    expect(csv[1]).toContain(',usage,api_call,1234567,');
    expect(csv[1]).toMatch(/,1234567,USD$/);
    expect(await said(['statement', '--period', '2020-02'], token)).toContain('No activity in this month.');
    expect(await said(['statement', '--period', '2020-02', '--csv'], token)).toMatch(/^[^\n]*\r\n$/);
  });

  it('sees its usage over time', async () => {
    const { token, api } = await newTenant();
    const query = ['usage', '--metric', 'api_call', '--from', '2020-02-01', '--to', '2020-02-03'];
    const table = await said(query, token);
    expect(table).toMatch(/^2020-02-01 00:00:00 +api_call +0 +0.00 USD$/m);
    expect(table).toMatch(/^Amount {2}0.00 USD$/m);
    const { series } = JSON.parse(await said([...query, '--json'], token));
    expect(series).toEqual((await api.get('/usage?metric=api_call&from=2020-02-01&to=2020-02-03')).json.series);
    for (const [name, quantity] of Object.entries({ storage_gb_hour: '2', api_call: '1234567' })) {
      await said(['send', name, quantity, '--key', name], token);
      await api.settled(`api:${name}`);
    }
    await waitFor('the meters', async () => {
      const { metrics } = (await api.get('/usage?group_by=metric')).json;
      return metrics.length === 2;
    });
    const all = await said(['usage'], token);
    expect(all).toMatch(/ api_call +1,234,567 +12,345.67 USD\n.* storage_gb_hour +2 +0.10 USD\n\n/);
    expect(all).toMatch(/^Amount {2}12,345.77 USD$/m);
    const wrong = await run(['usage', '--from', '2020-02-31'], token);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('from: must be a real date');
  });

  it('is told 77 by an administrator’s command, and by a garbled token', async () => {
    const { token } = await newTenant();
    const refused = await run(['tenants'], token);
    expect([refused.code, refused.stdout]).toEqual([77, '']);
    expect(refused.stderr).toMatch(/^Not allowed with this credential \(403\)\n {2}.*\n {2}request \S+\n$/);
    const garbled = await run(['balance'], `${token.slice(0, -4)}AAAA`);
    expect(garbled.code).toBe(77);
    expect(garbled.stderr).not.toContain(token.split('.')[1]);
  });

  it('sends with an API key, which must name the tenant', async () => {
    const { id, api } = await newTenant();
    const issued = JSON.parse(
      await said(
        ['keys', 'api', 'create', id, '--scope', 'usage:write', '--scope', 'ledger:read', '--json'],
        adminToken,
      ),
    );
    expect(issued.scopes).toEqual(['usage:write', 'ledger:read']);
    expect((await run(['send', 'api_call', '1'], issued.secret)).code).toBe(64);
    const sent = await run(['send', 'api_call', '1', '--tenant', id, '--wait', '--json'], issued.secret);
    expect(sent.code).toBe(0);
    const { event_id } = JSON.parse(sent.stdout);
    expect(event_id).toMatch(/^api:[0-9a-f-]{36}$/);
    expect(sent.stdout).toBe(`${(await api.receipt(event_id)).text}\n`);
  });
});

describe('an administrator', () => {
  it('adjusts once however often, and the reason is in the audit log, inert', async () => {
    const { id, token, api } = await newTenant();
    const reason = 'Outage \u{1b}[31m\u{202e}on Tuesday';
    const adjust = ['adjust', id, '-25', '--reason', reason, '--key', `${id}-sorry`];
    expect(await said(adjust, adminToken)).toBe(`Accepted as adj:${id}-sorry: -0.25 USD for ${id}\n`);
    expect(await said([...adjust, '--json'], adminToken)).toBe(`{"accepted":true,"event_id":"adj:${id}-sorry"}\n`);
    await api.settled(`adj:${id}-sorry`);
    expect(await said(['balance'], token)).toBe('-0.25 USD\n');
    const audit = await said(['audit'], adminToken);
    expect(audit).toContain('Outage \\u{1b}[31m\\u{202e}on Tuesday');
    expect(audit).toMatch(/ admin cli +POST \/adjustments +answered 202 /);
    const [page = ''] = (await said(['audit', '--json'], adminToken)).split('\n');
    expect(JSON.parse(page).entries.map((entry: { reason: string | null }) => entry.reason)).toContain(reason);
  });

  it('closes a month after a typed yes alone, and sees before what will be sealed', async () => {
    const { id, token } = await newTenant();
    await said(['send', 'api_call', '7', '--key', 'x'], token);
    await new TenantClient(() => stack.url, id).settled('api:x');
    const month = must(JSON.parse(await said(['statement', '--json'], token)).period as string);
    const close = (typed: string) =>
      cli.onTerminal(['close', id, month], { url: stack.url, token: adminToken }, { after: 'Type yes: ', typed });
    const [ctrlC, ctrlD] = ['\u{3}', '\u{4}'];
    for (const [typed, code] of [
      ['y\r', 1],
      [ctrlD, 1],
      [ctrlC, 130],
    ] as const) {
      const no = await close(typed);
      expect([no.code, no.stdout]).toEqual([code, expect.not.stringContaining('Closed')]);
    }
    expect((await run(['close', id, month], adminToken)).code).toBe(64);
    const yes = await close('yes\r');
    expect(yes.stdout).toMatch(/receivable +0.07 USD/);
    expect(yes.stdout).toContain(`Closed ${month} of ${id}`);
    expect(yes.code).toBe(0);
    const again = await run(['close', id, month, '--yes', '--json'], adminToken);
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toContain('is closed already');
    const idle = await said(['close', id, '2026-01', '--yes', '--json'], adminToken);
    expect(JSON.parse(idle)).toEqual({ closed: true, tenant: id, period: '2026-01' });
  });

  it('adds up the books', async () => {
    const { id } = await newTenant();
    expect(await said(['trial-balance', '--tenant', id], adminToken)).toMatch(/^sum +0.00 USD$/m);
    const json = await said(['trial-balance', '--tenant', id, '--json'], adminToken);
    expect(json).toBe(`${(await admin.get(`/trial-balance?tenant=${id}`)).text}\n`);
  });

  it('is told of drift by exit code 2 and a table of findings', async () => {
    const { id, token, api } = await newTenant();
    await said(['send', 'api_call', '1', '--key', 'lost'], token);
    await api.settled('api:lost');
    expect(await said(['reconcile', '--tenant', id], adminToken)).toMatch(/^Result {3}all clear$/m);
    expect(JSON.parse(await said(['reconcile', '--tenant', id, '--quick', '--json'], adminToken))).toMatchObject({
      ...{ ok: true, complete: true, mode: 'new', tenant: id },
    });
    const engine = engineClient(stack);
    const Key = { ...intakeKey(stored.tenant.parse(id), stored.eventId.parse('api:lost')) };
    await engine.send(new DeleteCommand({ TableName: stack.table('UsageIntake'), Key }));
    engine.destroy();
    const human = await run(['reconcile', '--tenant', id], adminToken);
    expect([human.code, human.stderr]).toEqual([2, '']);
    expect(human.stdout).toMatch(/^missing_intake +\S+ +api:lost +\d{4}-\d\d lane \d+ page \d+ /m);
    expect(human.stdout).toMatch(/^Result {3}1 contradiction$/m);
    const json = await run(['reconcile', '--tenant', id, '--json'], adminToken);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, discrepancies: [{ type: 'missing_intake' }] });
  });

  it('lists dead letters with their reason, and redrives them', async () => {
    const { id, api } = await newTenant();
    expect(await said(['dead-letters', '--tenant', id], adminToken)).toMatch(/^None: /);
    // As no caller can hand it in: of a metric that has no price.
    const event = usageEvent('ghost', {
      tenant: tenantId(id),
      metric: metric('ghost'),
      receivedAt: instantOf(Date.now()),
    });
    const engine = engineClient(stack);
    await new UsageIntake(engine, stack.table('UsageIntake')).accept(event, TIMEOUT_MS);
    engine.destroy();
    await new StackQueue(stack, 'UsageQueueUsage').send(encodeUsageMessage({ tenant: event.tenant, events: [event] }));
    await api.settled('api:ghost');
    expect(await said(['dead-letters', '--tenant', id], adminToken)).toMatch(
      new RegExp(`^${id} +api:ghost +refused +1 .* no price for its metric$`, 'm'),
    );
    const json = await said(['dead-letters', '--tenant', id, '--json'], adminToken);
    expect(json).toBe(`${(await admin.get(`/dead-letters?tenant=${id}`)).text}\n`);
    const redriven = '{"results":[{"event_id":"api:ghost","status":"redriven"}]}\n';
    expect(await said(['redrive', id, '--all', '--json'], adminToken)).toBe(redriven);
    const some = await run(['redrive', id, 'api:ghost', 'api:never'], adminToken);
    expect(some.code).toBe(1);
    expect(some.stdout).toMatch(/^api:never +unknown +nothing was accepted under this id$/m);
  });

  it('adds and renames tenants, each change of what it has seen', async () => {
    const id = 'cli_renamed';
    expect(await said(['tenants', 'add', id, 'First'], adminToken)).toMatch(/^cli_renamed +First +"1"$/m);
    const other = await run(['tenants', 'add', id, 'Second'], adminToken);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('use zerosum tenants rename');
    expect(JSON.parse(await said(['tenants', 'rename', id, 'Third', '--json'], adminToken))).toEqual({
      ...{ tenant: id, name: 'Third', etag: '"2"' },
    });
    const stale = await run(['tenants', 'rename', id, 'Fourth', '--if-match', '"1"'], adminToken);
    expect(stale.code).toBe(1);
    expect(stale.stderr).toContain('It has changed meanwhile (412)');
    expect(await said(['tenants'], adminToken)).toMatch(/^cli_renamed +Third +"2"$/m);
    expect(await said(['tenants', '--json'], adminToken)).toBe(`${(await admin.get('/tenants')).text}\n`);
    expect((await run(['tenants', 'rename', 'cli_nobody', 'X'], adminToken)).code).toBe(1);
  });

  it('changes some prices and leaves the others, or takes all from a file', async () => {
    const later = ['--effective-at', '2036-06-01T00:00:00Z'];
    const added = JSON.parse(await said(['prices', 'set', 'seat=1500', ...later, '--json'], adminToken));
    expect(added.unit_prices).toEqual({ api_call: '1', storage_gb_hour: '5', seat: '1500' });
    const without = await said(['prices', 'set', 'seat=none', 'api_call=2', ...later], adminToken);
    expect(without).toMatch(/ api_call +0.02 +USD +added$/m);
    expect(without).not.toContain('seat');
    const stale = await run(['prices', 'set', 'api_call=9', '--if-match', '"1.1"'], adminToken);
    expect([stale.code, stale.stdout]).toEqual([1, '']);
    const file = '{"currency":"USD","unit_prices":{"api_call":"3"},"effective_at":"2036-07-01T00:00:00Z"}';
    expect((await run(['prices', 'set', '-'], adminToken, { input: file })).stdout).toMatch(/ api_call +0.03 /);
    expect((await run(['prices', 'set', '-'], adminToken, { input: 'no JSON' })).stderr).toContain('no JSON file');
    expect((await run(['prices', 'set', 'no-such-file.json'], adminToken)).stderr).toContain('no such file');
    expect((await run(['prices', 'set', 'api_call=1.5'], adminToken)).code).toBe(64);
    expect(await said(['prices'], adminToken)).toMatch(/ api_call +0.01 +USD +in force$/m);
    expect(await said(['prices', '--json'], adminToken)).toBe(`${(await admin.get('/prices')).text}\n`);
  });

  it.each(['webhook', 'api'])('issues, rotates and revokes %s keys, each secret shown once', async (kind) => {
    const { id: tenant } = await newTenant();
    const [scopes, id] = [kind === 'api' ? ['--scope', 'ledger:read'] : [], `key_${tenant}`];
    const created = await said(['keys', kind, 'create', tenant, '--id', id, ...scopes], adminToken);
    const secret = must(/^Secret: {2}(\S+)$/m.exec(created)?.[1]);
    expect(created).toContain('shown this once and never again');
    const rotated = await said(['keys', kind, 'rotate', id, '--overlap-seconds', '60'], adminToken);
    expect(rotated).toMatch(/^Secret: {2}\S+$/m);
    expect(rotated).not.toContain(secret);
    const unsure = await run(['keys', kind, 'revoke', id], adminToken);
    expect(unsure.code).toBe(64);
    expect(await said(['keys', kind, 'revoke', id, '--yes'], adminToken)).toContain(id);
    const listed = await said(['keys', kind, 'list', '--tenant', tenant], adminToken);
    expect(listed).toMatch(new RegExp(`^${id} .* \\d\\d:\\d\\d:\\d\\d$`, 'm'));
    expect(listed).not.toContain(secret);
    const json = await said(['keys', kind, 'list', '--tenant', tenant, '--json'], adminToken);
    expect(json).toBe(`${(await admin.get(`/${kind}-keys?tenant=${tenant}`)).text}\n`);
  });
});
