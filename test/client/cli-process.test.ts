import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine, ended } from '../support/command-line.ts';
import { temporaryFolder } from '../support/stack.ts';

/** A token of `tenant_alpha` as far as its claims go; nothing here verifies it. */
const CLAIMS = Buffer.from('{"tenant_id":"tenant_alpha"}').toString('base64url');
const TOKEN = `eyJhbGciOiJIUzI1NiJ9.${CLAIMS}.c2lnbmF0dXJl`;
/** What acts on a terminal instead of being shown: control characters but for the line's end, and the turning of text. */
const ACTING = /[^\P{Cc}\n]|\u202e/u;
const ESCAPE = '\u{1b}';

/** What the service answers, and what it was asked. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: IncomingMessage[] = [];

let cli: CommandLine;
let server: Server;
let url: string;

beforeAll(async () => {
  cli = await CommandLine.build();
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server?.closeAllConnections();
  server?.close();
});
beforeEach(() => {
  asked = [];
  answer = json(200, { balance_minor: '123456', currency: 'USD' });
});

function json(status: number, body: unknown) {
  return (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function problem(status: number, kind: string, title: string, detail: string, errors?: object[]) {
  const document = { type: `urn:zerosum:problem:${kind}`, title, status, detail, request_id: 'req-1' };
  return json(status, errors === undefined ? document : { ...document, errors });
}

/** A statement of so many pages. */
function statement(pages: number, lines: number) {
  return ({ url: path = '' }: IncomingMessage, response: ServerResponse) => {
    const page = Number(new URL(path, url).searchParams.get('cursor') ?? '0');
    const line = {
      event_id: 'api:"x"',
      txn_id: 'txn_2d54d45b76eeac71b4d711cca4a11924',
      kind: 'usage',
      metric: '=cmd|x',
      quantity: '100',
      event_date: '2026-11-24T09:30:00.125Z',
      posted_at: '2026-11-24T09:30:00.310Z',
      amount_minor: '-100',
    };
    const body = {
      ...{ period: '2026-11', status: 'open', currency: 'USD', lines: Array(lines).fill(line), total_minor: '5' },
      ...(page + 1 < pages && { next_cursor: String(page + 1) }),
    };
    json(200, body)({} as IncomingMessage, response);
  };
}

describe('the connection', () => {
  it.each(['', '/', '/prod', '/prod/'])('works with a URL that ends in "%s"', async (suffix) => {
    const { code, stdout } = await cli.run(['balance'], { url: `${url}${suffix}`, token: TOKEN });
    expect([code, stdout]).toEqual([0, '1,234.56 USD\n']);
    expect(asked[0]?.url).toBe(`${suffix.replace(/\/$/, '')}/balance`);
    expect(asked[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('prefers --url to ZEROSUM_URL, before and after the command', async () => {
    for (const args of [
      ['--url', url, 'balance'],
      ['balance', '--url', url],
    ]) {
      expect((await cli.run(args, { url: 'http://127.0.0.1:9', token: TOKEN })).code).toBe(0);
    }
  });

  it('reads the token from a file or standard input', async () => {
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, `${TOKEN}\n`);
    expect((await cli.run(['balance', '--token-file', file], { url, token: 'another' })).code).toBe(0);
    expect((await cli.run(['balance', '--token-file', '-'], { url, input: `${TOKEN}\n` })).code).toBe(0);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
  });

  it('has no option that would show the token to every user of the machine', async () => {
    expect((await cli.run(['balance', '--token', 'x'], { url })).code).toBe(64);
  });

  it('says how to get a token when there is none', async () => {
    const { code, stderr } = await cli.run(['balance'], { url });
    expect(code).toBe(77);
    expect(stderr).toContain('export ZEROSUM_TOKEN=$(npx zerosum token alpha)');
    expect((await cli.run(['tenants'], { url })).stderr).toContain('$(npx zerosum token admin)');
    expect(asked).toEqual([]);
  });

  it.each([
    ['ftp://example.com', TOKEN],
    ['http://me:secret-in-url@example.com', TOKEN],
    ['http://example.com/?x=1', TOKEN],
    ['nonsense', TOKEN],
    ['http://example.com', 'two words-of-a-token'],
  ])('refuses the URL %s, or the token, as wrong use', async (given, token) => {
    const { code, stderr, stdout } = await cli.run(['balance'], { url: given, token });
    expect(code).toBe(64);
    expect(stderr + stdout).not.toMatch(/secret-in-url|words-of-a-token/);
  });
});

describe('exit codes', () => {
  it.each([
    [400, 'malformed', 1],
    [401, 'unauthenticated', 77],
    [403, 'forbidden', 77],
    [404, 'not_found', 1],
    [409, 'conflict', 1],
    [503, 'unavailable', 69],
  ])('for %i %s: %i', async (status, kind, expected) => {
    answer = problem(status, kind, 'The title', 'What to do next.');
    const { code, stdout, stderr } = await cli.run(['balance'], { url, token: TOKEN });
    expect([code, stdout]).toEqual([expected, '']);
    expect(stderr).toBe(`The title (${status})\n  What to do next.\n  request req-1\n`);
  });

  it('names every field at fault once', async () => {
    const detail = 'metric: must have a price; quantity: must be less';
    answer = problem(400, 'malformed', 'The request is not valid', detail, [
      { field: 'metric', message: 'must have a price' },
      { field: 'quantity', message: 'must be less' },
    ]);
    const { stderr } = await cli.run(['send', 'x', '1', '--key', 'k'], { url, token: TOKEN });
    expect(stderr).toBe(
      'The request is not valid (400)\n  metric: must have a price\n  quantity: must be less\n  request req-1\n',
    );
  });

  it('is 69 when nobody answers, and tells the key to send it again with', async () => {
    const { code, stderr } = await cli.run(['send', 'api_call', '1'], { url: 'http://127.0.0.1:9', token: TOKEN });
    expect(code).toBe(69);
    expect(stderr).toMatch(/repeat it with --key [0-9a-f-]{36}\n/);
    expect(stderr).toContain('http://127.0.0.1:9/events');
  });

  it.each([
    [['blance'], 'Did you mean balance?'],
    [['statement', '--period', '2026-13'], 'It must be a month, like 2026-11.'],
    [['send', 'api_call', '1.5'], 'The quantity must be a whole number'],
    [['adjust', 'tenant_alpha', '-2.50', '--reason', 'x'], 'a whole number of minor units'],
    [['adjust', 'tenant_alpha', '-250'], 'give --reason'],
    [['redrive', 'tenant_alpha'], 'Name the events, or give --all.'],
    [['redrive', 'tenant_alpha', 'api:x', '--all'], 'Name the events, or give --all.'],
    [['close', 'tenant_alpha', '2026-10', '--json'], 'give --yes'],
    [['statement', '--csv', '--json'], 'Choose one of --csv and --json.'],
    [['usage', '--granularity', 'week'], 'It must be one of hour, day, month.'],
    [['keys', 'api', 'create', 'tenant_alpha'], 'Say what the key may do'],
    [['balance', 'extra'], 'too many arguments'],
    [['tenants', 'ad', 'tenant_x', 'X'], 'too many arguments'],
    [[], 'Usage: zerosum'],
  ])('is 64 for %j', async (args, says) => {
    const { code, stdout, stderr } = await cli.run(args, { url, token: TOKEN });
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain(says);
    expect(asked).toEqual([]);
  });

  it('is 2 when the books do not balance, and when the audit log is broken', async () => {
    const totals_minor = { receivable: '1', revenue: '0', adjustments: '0' };
    answer = json(200, { tenant: null, period: null, totals_minor, sum_minor: '1', entry_count: 1 });
    expect((await cli.run(['trial-balance', '--json'], { url, token: TOKEN })).code).toBe(2);
    const broken_at = { writer: 'admin', number: 7 };
    answer = json(200, { month: '2026-11', entries: [], chain: { ok: false, broken_at } });
    const { code, stderr } = await cli.run(['audit'], { url, token: TOKEN });
    expect([code, stderr]).toEqual([2, 'The log is broken at entry 7 of admin.\n']);
  });

  it('is 130 after Ctrl-C', async () => {
    const isAsked = new Promise<void>((resolve) => {
      answer = () => resolve();
    });
    const child = cli.start(['balance'], { url, token: TOKEN });
    const end = ended(child);
    await isAsked;
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
  });
});

describe('waiting', () => {
  const receipt = { event_id: 'api:k', received_at: '2026-11-24T09:30:00.125Z' };

  it('asks for the receipt until the event is settled; a refusal is exit code 1 with its reason', async () => {
    const statuses = ['accepted', 'accepted', 'refused'];
    answer = ({ method, url: path }, response) => {
      const status = method === 'POST' ? undefined : path === '/balance' ? 'balance' : statuses.shift();
      if (status === undefined)
        return json(202, { accepted: true, event_id: 'api:k' })({} as IncomingMessage, response);
      if (status === 'balance')
        return json(200, { balance_minor: '0', currency: 'USD' })({} as IncomingMessage, response);
      return json(200, { ...receipt, status, reason: 'no price' })({} as IncomingMessage, response);
    };
    const { code, stdout, stderr } = await cli.run(['send', 'api_call', '1', '--key', 'k', '--wait'], {
      url,
      token: TOKEN,
    });
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^Status {4}refused$/m);
    expect(stdout).toMatch(/^Reason {4}no price$/m);
    expect(statuses).toEqual([]);
  });

  it('says that the event is accepted when its receipt can not be read', async () => {
    answer = (request, response) => {
      if (request.method === 'POST') return json(202, { accepted: true, event_id: 'api:k' })(request, response);
      return problem(403, 'forbidden', 'Not allowed', 'No scope.')(request, response);
    };
    const { code, stderr } = await cli.run(['send', 'api_call', '1', '--key', 'k', '--wait'], { url, token: TOKEN });
    expect(code).toBe(77);
    expect(stderr).toMatch(/^It is accepted as api:k; only its receipt is still open.\nNot allowed \(403\)\n/);
  });

  it('shows on a terminal how far a reconciliation has come, and nowhere else', async () => {
    const run = { run_id: 'run_1', ok: true, discrepancies: [], checked: { pages: 1234 }, mode: 'full' };
    const answers = (request: IncomingMessage, response: ServerResponse) =>
      json(200, { ...run, complete: request.method === 'GET', phase: 'lanes' })(request, response);
    answer = answers;
    const quiet = await cli.run(['reconcile'], { url, token: TOKEN });
    expect([quiet.code, quiet.stderr]).toEqual([0, '']);
    const watched = await cli.onTerminal(['reconcile'], { url, token: TOKEN });
    expect(watched.stdout).toContain('lanes: checked 1,234 pages; nothing found so far');
    const forPrograms = await cli.run(['reconcile', '--json'], { url, token: TOKEN });
    expect(JSON.parse(forPrograms.stdout)).toEqual({ ...run, complete: true, phase: 'lanes' });
  });
});

describe('output', () => {
  it('ends silently when its reader has enough', async () => {
    answer = statement(1_000_000, 1_000);
    for (const form of ['', '--csv', '--json']) {
      const script = `zerosum statement ${form} | head -n 2 > /dev/null; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await cli.shell(script, { url, token: TOKEN });
      expect([stdout, stderr]).toEqual(['0\n', '']);
    }
  });

  it('does its work to the end when nobody reads its remarks', async () => {
    const file = join(temporaryFolder(), 'undated.csv');
    writeFileSync(file, 'metric,quantity\napi_call,1\n');
    const results = [{ index: 0, status: 202, event_id: 'api:x' }];
    answer = json(200, { status: 'alive', accepted: 1, rejected: 0, results });
    const { stdout } = await cli.shell(`{ zerosum import ${file} --json 2>&1 1>&3 | true; } 3>&1`, {
      url,
      token: TOKEN,
    });
    expect(JSON.parse(stdout)).toMatchObject({ complete: true, accepted: 1 });
  });

  it('reads no page before it is wanted', async () => {
    answer = statement(1_000_000, 1_000);
    await cli.shell('zerosum statement --csv | head -n 1 > /dev/null', { url, token: TOKEN });
    expect(asked.length).toBeLessThan(20);
  });

  it('writes a statement as CSV, all pages of it, with formulas defused', async () => {
    answer = statement(3, 2);
    const { stdout } = await cli.run(['statement', '--csv'], { url, token: TOKEN });
    const [titles, first, ...rest] = stdout.split('\r\n');
    expect(titles).toBe('event_id,txn_id,kind,metric,quantity,event_date,posted_at,amount_minor,currency');
    expect(first).toBe(
      `"api:""x""",txn_2d54d45b76eeac71b4d711cca4a11924,usage,'=cmd|x,100,2026-11-24T09:30:00.125Z,2026-11-24T09:30:00.310Z,-100,USD`,
    );
    expect(rest).toHaveLength(6);
    expect(rest.at(-1)).toBe('');
  });

  it('gives with --json each answer as it came, on a line', async () => {
    answer = statement(2, 1);
    const { stdout, stderr } = await cli.run(['statement', '--json'], { url, token: TOKEN });
    const pages = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(pages.map(({ next_cursor }) => next_cursor)).toEqual(['1', undefined]);
    expect(stderr).toBe('');
  });

  it('makes hostile texts inert for people, and leaves them alone for programs', async () => {
    const hostile = `${ESCAPE}[2J${ESCAPE}]0;owned\u{7}\r\n\u{202e}evil\u{9b}31m`;
    const tenants = { tenants: [{ tenant: 'tenant_x', name: hostile, etag: '"1"' }] };
    answer = json(200, tenants);
    const human = await cli.run(['tenants'], { url, token: TOKEN });
    expect(human.stdout).not.toMatch(ACTING);
    expect(human.stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(human.stdout).toContain('\\u{1b}[2J');
    expect(JSON.parse((await cli.run(['tenants', '--json'], { url, token: TOKEN })).stdout)).toEqual(tenants);

    answer = problem(400, 'malformed', `Title ${hostile}`, `Detail ${hostile}`, [{ field: hostile, message: hostile }]);
    const { stderr } = await cli.run(['tenants'], { url, token: TOKEN });
    expect(stderr).not.toMatch(ACTING);
    expect(stderr.trimEnd().split('\n')).toHaveLength(4);
  });

  it('never shows the token, whatever is answered', async () => {
    answer = (request, response) => problem(500, 'odd', 'Odd', `You sent ${request.url}`)(request, response);
    for (const args of [['balance'], ['send', 'x', '1'], ['receipt', 'api:x'], ['statement', '--csv']]) {
      const { stdout, stderr } = await cli.run(args, { url, token: TOKEN });
      expect(stdout + stderr).not.toContain(CLAIMS);
      expect(stdout + stderr).not.toContain('c2lnbmF0dXJl');
    }
  });

  it('is coloured on a terminal alone, and there not with NO_COLOR', async () => {
    answer = statement(1, 1);
    expect((await cli.run(['statement'], { url, token: TOKEN })).stdout).not.toContain(ESCAPE);
    expect((await cli.onTerminal(['statement'], { url, token: TOKEN })).stdout).toContain(`${ESCAPE}[1mPOSTED`);
    const env = { NO_COLOR: '1' };
    expect((await cli.onTerminal(['statement'], { url, token: TOKEN, env })).stdout).not.toContain(`${ESCAPE}[1m`);
  });
});

describe('help', () => {
  it('lists the commands under their headings', async () => {
    const { code, stdout } = await cli.run(['--help'], { url });
    expect(code).toBe(0);
    const headings = ['Usage in:', 'Reads:', 'Administration:', 'This machine:', 'Exit codes:', 'Examples:'];
    const places = headings.map((heading) => stdout.indexOf(heading));
    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(places).not.toContain(-1);
  });
});
