import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasPython } from '../../localstack/python-tool.ts';
import { FLAWED_METRICS, FLAWED_TENANT, type Flaw, FlawedApi, flaws } from '../support/flawed-api.ts';
import { flawedDocument } from '../support/flawed-document.ts';
import { temporaryFolder } from '../support/stack.ts';
import { bookFaults } from './fuzz/book-faults.ts';
import { Credentials } from './fuzz/credentials.ts';
import { curlCommand } from './fuzz/curl-command.ts';
import { driveFastCheck } from './fuzz/fast-check-driver.ts';
import { FuzzRun } from './fuzz/fuzz-run.ts';
import { readFuzzOptions } from './fuzz/options.ts';
import { driveSchemathesis } from './fuzz/schemathesis-driver.ts';
import { schemathesis } from './fuzz/schemathesis-install.ts';

const SEED = 7;

/** Enough for each flaw to show with the seed above. */
const ROUNDS = 6;

/** The first time it comes from PyPI, with all it needs. */
const INSTALL_TIMEOUT_MS = 240_000;

/** It ends with the first failure. */
const LONG_ENOUGH_SECONDS = 40;

const tokens = { tenant: 'tenant.token.of_alpha', admin: 'admin.token.of_all' };

const hints = {
  tenant: fc.constant(FLAWED_TENANT),
  metric: fc.constantFrom(...FLAWED_METRICS),
  idempotency_key: fc.nat({ max: 5 }).map((number) => `k${number}`),
};

async function fuzzed(flaw: Flaw | undefined, drive: (run: FuzzRun) => Promise<unknown>): Promise<FuzzRun> {
  const api = new FlawedApi(tokens, flaw);
  const run = new FuzzRun(
    await api.start(),
    flawedDocument,
    new Credentials({ [FLAWED_TENANT]: tokens.tenant }, tokens.admin),
  );
  await drive(run).finally(() => api.stop());
  return run;
}

const byFastCheck = (run: FuzzRun) =>
  driveFastCheck(run, { seed: SEED, hints, deadlineMs: Number.POSITIVE_INFINITY, rounds: ROUNDS });

describe('the fast-check driver', () => {
  it('finds nothing in a server that keeps to its document', async () => {
    const run = await fuzzed(undefined, byFastCheck);
    expect(run.findings.told()).toEqual([]);
    expect(run.byStatus).toMatchObject({ 200: expect.any(Number), 202: expect.any(Number), 400: expect.any(Number) });
    expect(run.tally.promised.size).toBeGreaterThan(3);
  });

  it.each(Object.entries(flaws) as [Flaw, RegExp][])('finds a server that %s', async (flaw, fault) => {
    const { findings } = await fuzzed(flaw, byFastCheck);
    expect(findings.list.map((finding) => finding.fault).join('\n')).toMatch(fault);
    expect(findings.told().join('\n')).toContain('curl -sS -i --path-as-is "$API"');
  });
});

describe('the schemathesis driver', async () => {
  // It comes from PyPI and needs Python: where that is not, nobody runs it either.
  it.runIf(await hasPython())(
    'finds one too, and our judge sees what it sends',
    async () => {
      const flaw = 'answers a number for a text';
      const command = await schemathesis.command();
      const { findings } = await fuzzed(flaw, (run) =>
        driveSchemathesis(run, {
          command,
          seed: SEED,
          seconds: LONG_ENOUGH_SECONDS,
          folder: join(temporaryFolder(), 'schemathesis'),
          maxFailures: 1,
        }),
      );
      const told = findings.told().join('\n');
      expect(told).toMatch(/^GET \/books: schemathesis: Response violates schema/m);
      expect(told).toContain('curl -X GET');
      expect(findings.list.map(({ fault }) => fault).join('\n')).toMatch(flaws[flaw]);
    },
    INSTALL_TIMEOUT_MS,
  );
});

describe('the books', () => {
  const event = 'tenant_alpha api:k1';
  const books = (amounts: bigint[], accepted = [event], refused: string[] = []) => ({
    accepted: new Set(accepted),
    charges: new Map(amounts.length > 0 ? [[event, amounts]] : []),
    refused: new Set(refused),
  });

  it('are wrong where an answered event is lost, charged wrongly or twice, or one is there that nobody sent', async () => {
    const { tally } = await fuzzed(undefined, async (run) => {
      const body = Buffer.from(
        '{"tenant":"tenant_alpha","metric":"storage_gb_hour","quantity":3,"idempotency_key":"k1"}',
      );
      await run.send({
        method: 'POST',
        target: '/events',
        headers: [['authorization', `Bearer ${tokens.tenant}`]],
        body,
      });
    });
    expect(bookFaults(tally, books([15n]))).toEqual([]);
    expect(bookFaults(tally, books([], [event], [event]))).toEqual([]);
    expect(bookFaults(tally, books([], []))).toEqual([`${event} was answered 202 and is kept nowhere`]);
    expect(bookFaults(tally, books([]))).toEqual([`${event} was answered 202 and never charged`]);
    expect(bookFaults(tally, books([16n]))).toEqual([`${event} was charged 16 and not 15`]);
    expect(bookFaults(tally, books([15n, 15n]))).toEqual([`${event} was charged 15 and 15 and not 15`]);
    expect(bookFaults(tally, books([15n], [event, 'tenant_beta api:k2']))).toEqual([
      'tenant_beta api:k2 is in the books and was never answered 202',
    ]);
  });
});

describe('what is told', () => {
  it('is a command that sends the same bytes', () => {
    const body = Buffer.from('{"a":"\'%\\\u0000é"}');
    expect(
      curlCommand({
        method: 'POST',
        target: "/a?b='",
        headers: [
          ['x', 'y'],
          ['z', ''],
        ],
        body,
      }),
    ).toBe(
      String.raw`printf '{"a":"'\''%%\\\000\303\251"}' | curl -sS -i --path-as-is "$API"'/a?b='\''' -X POST -H 'x: y' -H 'z;' --data-binary @-`,
    );
  });

  it('refuses arguments it does not know, by name', () => {
    expect(readFuzzOptions(['--seconds', '5', '--driver', 'fast-check'])).toMatchObject({
      seconds: 5,
      driver: 'fast-check',
    });
    expect(() => readFuzzOptions(['--seconds', 'five'])).toThrow('--seconds is "five"');
    expect(() => readFuzzOptions(['--driver', 'luck'])).toThrow('--driver is luck');
    expect(() => readFuzzOptions(['--minutes', '5'])).toThrow('--minutes');
  });
});
