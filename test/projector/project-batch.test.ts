import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { MeterTally } from '../../lambdas/domain/meter.ts';
import { emptyHead, type JournalPage, type LaneKey, nextPage } from '../../lambdas/domain/page.ts';
import { headKey, pageKey } from '../../lambdas/storage/keys.ts';
import { pageItem } from '../../lambdas/storage/page-item.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { entry, lane, NOW, NOW_MS } from '../support/events.ts';
import { LedgerTables } from '../support/ledger-tables.ts';
import { expectedMeters } from '../support/meters.ts';
import { IMMORTAL, ProjectorWorld } from '../support/projector-world.ts';
import { pageRecord, streamRecord } from '../support/stream-records.ts';

const ALL_WELL: DynamoDBBatchResponse = { batchItemFailures: [] };

describe.skipIf(!dynoxide.available)('a batch of the ledger’s stream', () => {
  const dynamodb = useDynamodb(dynoxide);
  const tables = new LedgerTables(dynamodb, 'b');

  async function lanes(...sizes: readonly number[]) {
    const key = tables.freshLane();
    const pages: JournalPage[][] = [];
    for (const [index, size] of sizes.entries()) pages.push(await pagesOf({ ...key, lane: lane(index) }, size));
    return { world: new ProjectorWorld(dynamodb, tables), key, pages };
  }

  async function pagesOf(key: LaneKey, count: number): Promise<JournalPage[]> {
    const pages: JournalPage[] = [];
    for (let page = 0; page < count; page += 1) {
      pages.push(await tables.post(key, [entry(`l${key.lane}p${page}`, BigInt(page + 1))]));
    }
    return pages;
  }

  function named(record: DynamoDBRecord): DynamoDBBatchResponse {
    return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] };
  }

  /** The record of a page whose item somebody has spoilt, in the ledger too. */
  async function spoil(page: JournalPage, number = page.seq): Promise<DynamoDBRecord> {
    const item = { ...pageItem(page), entries: 'none' };
    await tables.overwrite('ledger', pageKey(page, page.seq), item);
    return streamRecord(number, { after: item });
  }

  it('is counted once, however often it comes', async () => {
    const { world, key, pages } = await lanes(3, 2);
    const records = pages.flat().map((page, index) => pageRecord(page, index));
    for (let time = 0; time < 2; time += 1) expect(await world.deliver(records)).toEqual(ALL_WELL);
    expect(await world.shown(key.tenant)).toEqual(expectedMeters(pages.flat()));
    expect(world.telemetry.counted('pageGaps')).toBe(0);
  });

  it('brings along what it finds missing before it, in steps if that is much', async () => {
    const { world, key, pages } = await lanes(230);
    const all = pages.flat();
    expect(await world.deliver(all.slice(-1).map((page) => pageRecord(page)))).toEqual(ALL_WELL);
    expect(await world.shown(key.tenant)).toEqual(expectedMeters(all));
    expect(world.telemetry.counted('pageGaps')).toBe(3);
  });

  it('gives back a page that can’t be read, alone; the next of its lane passes it and says so', async () => {
    const { world, key, pages } = await lanes(3, 1);
    const [first, second, third, other] = pages.flat() as [JournalPage, JournalPage, JournalPage, JournalPage];
    const spoilt = await spoil(second);
    const records = [pageRecord(first), spoilt, pageRecord(third), pageRecord(other, 4)];
    expect(await world.deliver(records)).toEqual(named(spoilt));
    expect(await world.shown(key.tenant)).toEqual(expectedMeters([first, third, other]));
    expect(world.telemetry.counted('pagesUncounted')).toBe(1);
    expect(await world.deliver([spoilt])).toEqual(named(spoilt));
    expect(await world.deliver([pageRecord(third)])).toEqual(ALL_WELL);
    expect(await world.shown(key.tenant)).toEqual(expectedMeters([first, third, other]));
  });

  it('passes a page that is gone from the ledger, or lies under another’s key, and says so', async () => {
    const { world, key, pages } = await lanes(5);
    const [first, second, third, fourth, fifth] = pages.flat() as [
      JournalPage,
      JournalPage,
      JournalPage,
      JournalPage,
      JournalPage,
    ];
    await tables.remove('ledger', pageKey(second, second.seq));
    await tables.overwrite('ledger', pageKey(third, third.seq), { ...pageItem(third), seq: 1 });
    expect(await world.deliver([pageRecord(fifth)])).toEqual(ALL_WELL);
    expect(await world.shown(key.tenant)).toEqual(expectedMeters([first, fourth, fifth]));
    expect(world.telemetry.counted('pagesUncounted')).toBe(2);
  });

  it('does not take a page that its lane’s head has not reached', async () => {
    const { world, key, pages } = await lanes(2);
    const [first, second] = pages.flat() as [JournalPage, JournalPage];
    const forged = nextPage({ ...emptyHead(key), nextSeq: 9 }, [entry('forged', 1_000n)], NOW);
    const foreign = pageRecord({ ...forged, lane: lane(0) });
    expect(await world.deliver([pageRecord(first), foreign, pageRecord(second)])).toEqual(named(foreign));
    expect(await world.shown(key.tenant)).toEqual(expectedMeters([first, second]));
    expect(await world.meters.cursor(first)).toMatchObject({ seq: 2 });
  });

  it('gives back one lane’s pages, not another’s, from the first that is not counted', async () => {
    const { world, key, pages } = await lanes(2, 2);
    const [ofFirst = [], ofSecond = []] = pages;
    await tables.overwrite('usage', { pk: `L#${key.tenant}`, sk: '2026-03#00' }, { seq: 'x' });
    const records = [...ofSecond, ...ofFirst].map((page, index) => pageRecord(page, index));
    expect(await world.deliver(records)).toEqual(named(records[2] as DynamoDBRecord));
    expect(await world.shown(key.tenant)).toEqual(expectedMeters(ofSecond));
  });

  it('gives back everything when there is no time left, and loses nothing by it', async () => {
    const { world, key, pages } = await lanes(2);
    const records = pages.flat().map((page) => pageRecord(page));
    expect(await world.deliver(records, IMMORTAL, NOW_MS)).toEqual(named(records[0] as DynamoDBRecord));
    expect(await world.deliver(records)).toEqual(ALL_WELL);
    expect(await world.shown(key.tenant)).toEqual(expectedMeters(pages.flat()));
  });

  it('ignores what is no new page', async () => {
    const { world, key, pages } = await lanes(1);
    const [page] = pages.flat() as [JournalPage];
    const marker = { pk: `E#${key.tenant}#00`, sk: 'api:k' };
    const records = [streamRecord(1, { after: marker }), streamRecord(2, { before: pageItem(page) })];
    expect(await world.deliver(records)).toEqual(ALL_WELL);
    expect(await world.shown(key.tenant)).toEqual({});
  });

  describe('a rebuild', () => {
    it('goes on where the invocation before it paused, and ends', async () => {
      const { world, key, pages } = await lanes(2, 1, 3);
      const reports = await world.rebuildStepwise({ tenant: key.tenant });
      expect(reports.length).toBeGreaterThan(3);
      expect(reports.reduce((total, { lanes: counted }) => total + counted, 0)).toBe(3);
      expect(reports.slice(0, -1).every(({ complete, resume }) => !complete && resume !== undefined)).toBe(true);
      expect(await world.shown(key.tenant)).toEqual(expectedMeters(pages.flat()));
    });

    it('that died before its end leaves meters that go on by themselves', async () => {
      const { world, key, pages } = await lanes(4);
      const [first, second, third, fourth] = pages.flat() as [JournalPage, JournalPage, JournalPage, JournalPage];
      const tally = new MeterTally();
      for (const page of [first, second]) tally.count(page);
      await world.deliver([first, second, third].map((page) => pageRecord(page)));
      // As it had read the lane when the third page came.
      for (const meter of tally.meters()) await world.writer.put(meter.key, meter.hours, { seq: 2, generation: 7 });
      expect(await world.deliver([pageRecord(fourth)])).toEqual(ALL_WELL);
      expect(await world.shown(key.tenant)).toEqual(expectedMeters(pages.flat()));
    });

    it('of one tenant leaves the others as they are', async () => {
      const { world, key, pages } = await lanes(1);
      const other = tables.freshLane();
      const meter = { pk: `U#${other.tenant}#api_call`, sk: '2026-03-15#2026-03#03' };
      await tables.overwrite('usage', meter, { seq: 1, generation: 0, q00: 1n, a00: 1n });
      await world.rebuild({ tenant: key.tenant });
      expect(await world.shown(key.tenant)).toEqual(expectedMeters(pages.flat()));
      expect(await world.shown(other.tenant)).not.toEqual({});
      await world.rebuild({ tenant: other.tenant });
      expect(await world.shown(other.tenant)).toEqual({});
    });

    it('leaves a lane whose head can’t be read as it is, says so, and does the others', async () => {
      const { world, key, pages } = await lanes(1, 1);
      await world.deliver(pages.flat().map((page, index) => pageRecord(page, index)));
      const [first, second] = pages.flat() as [JournalPage, JournalPage];
      await tables.overwrite('balances', headKey(first), { next_seq: 'x' });
      await tables.overwrite('usage', { pk: `L#${key.tenant}`, sk: '2026-03#01' }, { seq: 900, generation: 0 });
      expect(await world.rebuild({ tenant: key.tenant })).toMatchObject({ complete: true, lanes: 1, removed: 0 });
      expect(world.telemetry.errors.length).toBeGreaterThan(0);
      expect(await world.shown(key.tenant)).toEqual(expectedMeters(pages.flat()));
      expect(await world.meters.cursor(second)).toMatchObject({ seq: 1 });
    });
  });
});
