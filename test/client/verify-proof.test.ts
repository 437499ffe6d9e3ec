import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVerifyProof } from '../../client/proof/verify-proof.ts';
import { type Anchor, anchorHash, anchorText } from '../../lambdas/domain/anchor.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { usageEntry } from '../../lambdas/domain/journal.ts';
import { amountMinor } from '../../lambdas/domain/money.ts';
import { emptyHead, headAfter, type JournalPage, nextPage } from '../../lambdas/domain/page.ts';
import { payloadHash } from '../../lambdas/domain/usage-event.ts';
import { receipt } from '../../lambdas/read/receipt.ts';
import { proofQuery } from '../../lambdas/read/receipt-query.ts';
import { alpha, entry, eventId, lane, laneKey, must, NOW_MS, period, usageEvent } from '../support/events.ts';
import { ReadWorld } from '../support/read-world.ts';
import { type Json, tamperings } from '../support/tamper.ts';

const SCRIPT = fileURLToPath(new URL('../../client/proof/verify-proof.ts', import.meta.url));
const ENTRY_SEQ = 2;

const folder = mkdtempSync(join(tmpdir(), 'zerosum-proof-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Five pages; the event whose receipt is checked is the second entry of the second. */
const world = new ReadWorld();
const pages: JournalPage[] = [];

beforeAll(async () => {
  for (const [index, keys] of [['a'], ['b', 'k', 'c'], ['d'], ['e', 'f'], ['g']].entries()) {
    const head = await world.ledger.head(laneKey());
    const entries = keys.map((key) => entry(key, BigInt(index + 7)));
    const page = nextPage(head, entries, instantOf(NOW_MS + index));
    const events = keys.map((key) => usageEvent(key));
    for (const event of events) await world.intake.accept(event);
    await world.ledger.commit(head, page, events.map(payloadHash));
    pages.push(page);
  }
});

function anchorAt(seq: number, changes: Partial<Anchor> = {}): Anchor {
  const heads = [
    { ...laneKey({ lane: lane(4) }), seq: 9, chain: must(pages[0]).hash },
    { ...laneKey(), seq, chain: must(pages[seq - 1]).hash },
  ];
  return { kind: 'run', at: instantOf(NOW_MS + 60_000), previous: null, heads, seals: [], intake: [], ...changes };
}

async function receiptOf(query: Record<string, string>, id = 'api:k'): Promise<string> {
  const range = proofQuery(new Map(Object.entries(query)));
  return JSON.stringify(await receipt(alpha, eventId(id), world.ports, range));
}

const full = (toSeq: number, fromSeq?: number) =>
  receiptOf({ proof: 'full', to_seq: String(toSeq), ...(fromSeq !== undefined && { from_seq: String(fromSeq) }) });

/** Runs the check over files of these contents. */
function verify(contents: readonly string[], ...options: string[]) {
  const paths = contents.map((content, index) => {
    const path = join(folder, `${index}.json`);
    writeFileSync(path, content);
    return path;
  });
  return runVerifyProof([...paths, ...options]);
}

describe('verify-proof', () => {
  it.each([2, 3, 4, 5])('proves an entry by an anchor of page %i', async (seq) => {
    const { code, text } = verify([await full(seq), anchorText(anchorAt(seq))]);
    expect(text).toContain('PROVEN: api:k');
    expect(text).toContain('8 minor units in 2026-03');
    expect(text).toContain('anchored at 2026-03-15T12:01:00.000Z by a run');
    expect(code).toBe(0);
  });

  it('takes the files in any order, and the links from several receipts', async () => {
    const contents = [anchorText(anchorAt(5)), await full(3), await full(5, 4)];
    expect(verify(contents).code).toBe(0);
    expect(verify(contents.toReversed()).code).toBe(0);
  });

  it('names the earliest anchor that proves it', async () => {
    const later = anchorText(anchorAt(5, { at: instantOf(NOW_MS + 120_000) }));
    const { text } = verify([await full(5), later, anchorText(anchorAt(3)), later]);
    expect(text).toContain('anchored at 2026-03-15T12:01:00.000Z');
  });

  it('tells the exact request for links that are missing', async () => {
    const { code, text } = verify([await full(3), anchorText(anchorAt(5))]);
    expect(code).toBe(2);
    expect(text).toContain('/events/api%3Ak?proof=full&from_seq=4&to_seq=5');
  });

  it('says that an anchor is older than the entry', async () => {
    const { code, text } = verify([await full(5), anchorText(anchorAt(1))]);
    expect(code).toBe(2);
    expect(text).toContain('reach page 1 of lane 3, the entry is in page 2');
    expect(text).toContain('put after 2026-03-15T12:00:00.001Z');
  });

  it('says that the lane is not in the anchor', async () => {
    const elsewhere = [laneKey({ lane: lane(5) }), laneKey({ period: period('2026-04') })];
    const heads = elsewhere.map((key) => ({ ...key, seq: 5, chain: must(pages[4]).hash }));
    const { code, text } = verify([await full(5), anchorText(anchorAt(5, { heads }))]);
    expect(code).toBe(2);
    expect(text).toContain('No anchor lists lane 3 of tenant_alpha in 2026-03');
  });

  it('calls it tampering when one anchor contradicts, whatever others say', async () => {
    const [key] = [laneKey()];
    const forged = anchorAt(4, { heads: [{ ...key, seq: 4, chain: must(pages[0]).hash }] });
    const { code, text } = verify([await full(5), anchorText(anchorAt(3)), anchorText(forged)]);
    expect(code).toBe(2);
    expect(text).toContain('TAMPERING');
    expect(text).toContain('page 4 of lane 3');
  });

  it('refuses every change of one value in the receipt', async () => {
    const original = await full(5);
    const anchor = anchorText(anchorAt(5));
    expect(verify([original, anchor]).code).toBe(0);
    // Not part of the ledger: when the event was accepted.
    const uncovered = new Set(['received_at']);
    let count = 0;
    for (const { path, document } of tamperings(JSON.parse(original) as Json)) {
      if (uncovered.has(path)) continue;
      count += 1;
      const { code, text } = verify([JSON.stringify(document), anchor]);
      expect(code, `${path}: ${text}`).toBe(2);
    }
    expect(count).toBeGreaterThan(80);
  });

  it('refuses every change of the lane in the anchor', async () => {
    const original = await full(5);
    const parsed = JSON.parse(anchorText(anchorAt(5))) as { readonly [name: string]: Json };
    let count = 0;
    for (const { path, document } of tamperings(parsed)) {
      if (!path.startsWith('heads.1.') && path !== 'heads.without 1') continue;
      count += 1;
      expect(verify([original, JSON.stringify(document)]).code, path).toBe(2);
    }
    expect(count).toBeGreaterThan(10);
  });

  it('refuses every change of the anchor once its hash is known from elsewhere', async () => {
    const original = await full(5);
    const anchor = anchorText(anchorAt(5));
    const trusted = ['--anchor-sha256', anchorHash(anchor)];
    expect(verify([original, anchor], ...trusted).code).toBe(0);
    for (const { path, document } of tamperings(JSON.parse(anchor) as Json)) {
      expect(verify([original, JSON.stringify(document)], ...trusted).code, path).toBe(2);
    }
  });

  it.each([
    ['a plain receipt', () => receiptOf({}), 'get /events/api%3Ak?proof=full'],
    ['another event’s links', () => receiptOf({ proof: 'full', to_seq: '5' }, 'api:a'), 'not of one entry'],
    ['an anchor with a space', async () => `${anchorText(anchorAt(5))} `, 'byte for byte'],
    ['no JSON', async () => '<html>', 'is no JSON file'],
  ])('says what to do about %s', async (_, content, words) => {
    const { code, text } = verify([await full(5), await content(), anchorText(anchorAt(5))]);
    expect(code).toBe(2);
    expect(text).toContain(words);
  });

  it('says that there is nothing to prove before an event is posted', async () => {
    await world.intake.accept(usageEvent('waiting'));
    const { code, text } = verify([await receiptOf({ proof: 'full' }, 'api:waiting'), anchorText(anchorAt(5))]);
    expect(code).toBe(2);
    expect(text).toContain('only a posted event');
  });

  it('says that two receipts contradict each other', async () => {
    const other = JSON.parse(await full(5)) as { proof: { links: { hashes: string[] } } };
    other.proof.links.hashes[0] = 'ab'.repeat(32);
    const { text } = verify([await full(5), JSON.stringify(other), anchorText(anchorAt(5))]);
    expect(text).toContain('contradict each other at page 3');
  });

  it.each([
    ['nothing', []],
    ['an unknown option', ['--force']],
    ['a file that is not there', ['/nowhere/receipt.json']],
  ])('explains itself when given %s', (_, args) => {
    const { code, text } = runVerifyProof(args);
    expect(code).toBe(64);
    expect(text).toContain('Usage: npm run verify-proof');
  });

  it('explains itself when given no anchor, or no receipt', async () => {
    expect(verify([await full(5)]).code).toBe(64);
    expect(verify([anchorText(anchorAt(5))]).code).toBe(64);
  });

  it('runs as a command of its own, with its exit code', async () => {
    verify([await full(5), anchorText(anchorAt(5)), anchorText(anchorAt(1))]);
    const run = (...names: string[]) => {
      const paths = names.map((name) => join(folder, name));
      return spawnSync(process.execPath, ['--import', 'tsx', SCRIPT, ...paths], { encoding: 'utf8' });
    };
    const [proven, older] = [run('0.json', '1.json'), run('0.json', '2.json')];
    expect([proven.status, older.status]).toEqual([0, 2]);
    expect(proven.stdout).toContain('PROVEN: api:k');
    expect(older.stderr).toContain('NOT PROVEN: api:k');
  });

  it('can reach neither AWS nor the network', async () => {
    const options = { bundle: true, write: false, metafile: true, platform: 'node', format: 'esm' } as const;
    const { metafile } = await build({ entryPoints: [SCRIPT], ...options });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
    expect(new Set(imports)).toEqual(new Set(['node:crypto', 'node:fs', 'node:url', 'node:util']));
    expect(Object.keys(metafile.inputs).filter((path) => path.includes('@aws-sdk'))).toEqual([]);
  });
});

describe('the links of a receipt', () => {
  it('end at the lane’s last page', async () => {
    const { proof } = JSON.parse(await full(99)) as { proof: { links: { hashes: string[]; next_seq?: number } } };
    expect(proof.links.hashes).toHaveLength(pages.length - ENTRY_SEQ);
    expect(proof.links.next_seq).toBeUndefined();
  });

  it('begin after the entry’s page, wherever they are asked for', async () => {
    const { proof } = JSON.parse(await full(5, 1)) as { proof: { links: { from_seq: number } } };
    expect(proof.links.from_seq).toBe(ENTRY_SEQ + 1);
  });

  it.each([
    ['a thousand', 1, 1_000],
    ['pages of ten thousand entries', 90, 112],
  ])('are at most %s at a time, and say where the rest begins', async (_, entriesPerPage, linked) => {
    const key = laneKey({ lane: lane(6) });
    const long = new ReadWorld();
    await long.intake.accept(usageEvent('0-0'));
    let head = emptyHead(key);
    for (let number = 0; number < linked + 3; number += 1) {
      const size = number === 0 ? 1 : entriesPerPage;
      const events = Array.from({ length: size }, (_, index) => usageEvent(`${number}-${index}`));
      const page = nextPage(
        head,
        events.map((event) => usageEntry(event, amountMinor(1n))),
        instantOf(NOW_MS),
      );
      await long.ledger.commit(head, page, events.map(payloadHash));
      head = headAfter(head, page);
    }
    const ask = async (range: { fromSeq?: number; toSeq: number }) => {
      const found = await receipt(alpha, eventId('api:0-0'), long.ports, { fromSeq: undefined, ...range });
      return (found as { proof: { links: { from_seq: number; hashes: string[]; next_seq?: number } } }).proof.links;
    };
    const first = await ask({ toSeq: linked + 3 });
    expect([first.from_seq, first.hashes.length, first.next_seq]).toEqual([2, linked, linked + 2]);
    const rest = await ask({ fromSeq: must(first.next_seq), toSeq: linked + 3 });
    expect([rest.from_seq, rest.hashes.length, rest.next_seq]).toEqual([linked + 2, 2, undefined]);
  });

  it.each([
    [{ proof: 'short' }, 'proof'],
    [{ proof: 'full', to_seq: '0' }, 'to_seq'],
    [{ proof: 'full', to_seq: '1e3' }, 'to_seq'],
    [{ proof: 'full', from_seq: '-1', to_seq: '3' }, 'from_seq'],
    [{ to_seq: '3' }, 'to_seq'],
  ])('are a 400 for %o', async (query, field) => {
    await expect(receiptOf(query as Record<string, string>)).rejects.toMatchObject({
      status: 400,
      fieldErrors: [{ field }],
    });
  });
});
