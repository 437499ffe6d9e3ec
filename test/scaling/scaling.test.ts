import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { USAGE_LANES } from '../../lambdas/domain/lane.ts';
import { EVENT_BUCKETS, TIME_SHARDS } from '../../lambdas/storage/keys.ts';
import { inDocument } from '../../localstack/scaling/document.ts';
import { quotas } from '../../localstack/scaling/quotas.ts';
import { allCases, bindingAt, type Case, scalingTables } from '../../localstack/scaling/report.ts';
import { busiest } from '../../localstack/scaling/spread.ts';
import { eventsPerTransaction, laneEventsPerSecond, pageUnits } from '../../localstack/scaling/units.ts';
import { synthesised } from '../support/templates.ts';

const DOCUMENT = readFileSync(fileURLToPath(new URL('../../docs/scaling.md', import.meta.url)), 'utf8');

const cases: readonly Case[] = allCases();

function caseOf(mix: string, form: string): Case {
  const found = cases.find((one) => one.mix.name === mix && one.form.name === form);
  if (found === undefined) throw new RangeError(`There is no case ${mix}, ${form}.`);
  return found;
}

function namesAt(mix: string, form: string, rate: number): string[] {
  return bindingAt(caseOf(mix, form).limits, rate).map(({ name }) => name);
}

describe('docs/scaling.md', () => {
  it('has the tables that the program computes: npm run scaling -- --write', () => {
    expect(inDocument(DOCUMENT, scalingTables(cases))).toBe(DOCUMENT);
  });

  it('has a place for each of them', () => {
    expect(() => inDocument('', new Map([['first', '']]))).toThrow('no place for the table first');
  });
});

describe('no key takes more than its share', () => {
  /** What chance adds to the busiest of so many in a sample of this size. */
  const UNEVEN = 1.25;

  it.each(['one whale', 'Zipf'])('of the events of %s, sent one by one', (mix) => {
    const { mix: of, spread } = caseOf(mix, 'lone');
    const [largest = 0] = of.shares;
    expect(busiest(spread.groups)).toBeLessThan((largest / USAGE_LANES) * UNEVEN);
    expect(busiest(spread.pages)).toBe(busiest(spread.groups));
    expect(busiest(spread.intake)).toBeLessThan((largest / EVENT_BUCKETS) * (UNEVEN + 0.15));
    expect(busiest(spread.markers)).toBe(busiest(spread.intake));
  });

  it('and all tenants together fill every shard of the time index alike', () => {
    for (const { spread } of cases) {
      expect(spread['time index'].size).toBe(TIME_SHARDS);
      expect(busiest(spread['time index'])).toBeLessThan(UNEVEN / TIME_SHARDS);
    }
  });
});

describe('what binds', () => {
  it('is nothing at a thousand events a second, whoever sends them', () => {
    for (const { mix, form } of cases) expect(namesAt(mix.name, form.name, 1_000), mix.name).toEqual([]);
  });

  it('is nothing at ten thousand packed ones, and of lone ones the tenant, its lanes, the API or the ledger', () => {
    for (const mix of ['one whale', 'Zipf', 'many small']) expect(namesAt(mix, 'packed', 10_000), mix).toEqual([]);
    expect(namesAt('one whale', 'lone', 10_000).slice(0, 2)).toEqual(['requests of a tenant', 'one writer a lane']);
    expect(namesAt('many small', 'lone', 20_000)).toEqual(expect.arrayContaining(['Ledger', 'requests to the API']));
  });

  it('at a hundred thousand packed ones is the write quota of two tables, then the time index', () => {
    const names = namesAt('many small', 'packed', 100_000);
    expect(names).toEqual(['UsageIntake and its index', 'Ledger', 'shard of the time index']);
  });

  it('would be the queue at three hundred lone ones without high throughput', () => {
    expect(quotas.fifoCalls.value).toBe(300);
    expect(quotas.highThroughputCalls.value).toBeGreaterThan(10_000);
  });
});

describe('the stack', () => {
  it('has every FIFO queue in high throughput mode', async () => {
    const template = await synthesised('prod');
    const fifo = [...template.resources.values()].filter(
      ({ Type, Properties }) => Type === 'AWS::SQS::Queue' && Properties.FifoQueue === true,
    );
    expect(fifo.length).toBeGreaterThan(0);
    for (const { Properties } of fifo) {
      expect(Properties).toMatchObject({
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
      });
    }
  });
});

describe('what an event needs', () => {
  it('agrees with what is counted: pages of ninety and ten take 54 units a hundred, a lone page two', () => {
    // test/cost counts 2.54 units of Ledger an event of a hundred, of which the marker has two.
    expect(pageUnits(90) + pageUnits(10)).toBe(54);
    expect(pageUnits(1)).toBe(2);
  });

  it('follows the design of the lanes: 200 lone events a second, 1,800 of full pages', () => {
    expect(laneEventsPerSecond(1)).toBeCloseTo(200, 6);
    expect(laneEventsPerSecond(90)).toBeCloseTo(1_800, 6);
  });

  it('shrinks as a lane gets busy, for what waits is posted together', () => {
    expect(eventsPerTransaction(1, 1)).toBe(1);
    expect(eventsPerTransaction(100, 1)).toBe(5);
    expect(eventsPerTransaction(1_000, 1)).toBe(10);
    expect(eventsPerTransaction(10_000, 90)).toBe(90);
  });
});
