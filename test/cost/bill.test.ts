import { beforeAll, describe, expect, it } from 'vitest';
import { billOf, dollarsFor } from '../../localstack/cost/bill.ts';
import { type CountedQuiet, countedQuiet } from '../../localstack/cost/counted-quiet.ts';
import { prices } from '../../localstack/cost/list-prices.ts';
import { HELP, readCostOptions } from '../../localstack/cost/options.ts';
import { billTable, footnotes } from '../../localstack/cost/report.ts';
import { standingLines } from '../../localstack/cost/standing-lines.ts';
import { countOf, minus, plus, scaled } from '../../localstack/cost/tally.ts';
import { factsOf, runsPerMonth } from '../../localstack/cost/template-facts.ts';
import { line, usageLines } from '../../localstack/cost/usage-lines.ts';
import { synthesised, type Template } from '../support/templates.ts';

describe('the arithmetic', () => {
  it('is quantity by unit price, line by line and in all', () => {
    const lines = [
      line('a', 'writes', 2_000_000, 'writeUnit'),
      line('a', 'keys', 3, 'key'),
      line('b', 'none', 0, 'key'),
    ];
    const bill = billOf(lines);
    expect(bill.lines.map(({ item, dollars }) => [item, dollars])).toEqual([
      ['writes', 1.25],
      ['keys', 3],
    ]);
    expect(bill.dollars).toBeCloseTo(4.25, 10);
    expect(bill.dollarsAfterFreeTier).toBeCloseTo(4.25, 10);
  });

  it('gives a free allowance once, to all lines of a price together', () => {
    const lines = [line('a', 'sends', 700_000, 'fifoRequest'), line('b', 'receives', 700_000, 'fifoRequest')];
    expect(billOf(lines).dollars).toBeCloseTo(0.7, 10);
    expect(billOf(lines).dollarsAfterFreeTier).toBeCloseTo(0.2, 10);
    expect(billOf(lines.slice(0, 1)).dollarsAfterFreeTier).toBe(0);
  });

  it('agrees with the figures of the design: eight write units are five dollars a million', () => {
    expect(dollarsFor('writeUnit', 8_000_000)).toBeCloseTo(5, 10);
    expect(dollarsFor('writeUnit', 5_600_000)).toBeCloseTo(3.5, 10);
  });

  it('counts the memory of each function for as long as it takes', () => {
    const tally = new Map([
      ['invoke ingest', 1_000_000],
      ['call ingest dynamodb', 1_000_000],
      ['call ingest sqs', 1_000_000],
    ]);
    const [duration] = usageLines({ group: '', tally, memoryMb: () => 1_769 }).filter(
      ({ item }) => item === 'duration',
    );
    // 1.9 + 2 x 1.35 ms of a whole core, and 8 + 10 ms of waiting.
    expect(duration?.quantity).toBeCloseTo(((1.9 + 2.7 + 18) / 1_000) * (1_769 / 1_024) * 1_000_000, 3);
  });

  it('adds, subtracts and scales tallies, never below nothing', () => {
    const [one, other] = [
      new Map([['a', 3]]),
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    ];
    expect([...plus(one, other, 2)]).toEqual([
      ['a', 5],
      ['b', 4],
    ]);
    expect([...minus(one, other)]).toEqual([['a', 2]]);
    expect(countOf(scaled(one, 0.5), 'a')).toBe(1.5);
  });
});

describe('every list price', () => {
  it.each(Object.entries(prices))('of %s names a page of AWS', (_, { dollars, per, source }) => {
    expect(dollars).toBeGreaterThan(0);
    expect(per).toBeGreaterThanOrEqual(1);
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/pricing\//);
  });
});

describe('a template', () => {
  it('says how often a schedule runs', () => {
    expect(runsPerMonth('rate(5 minutes)')).toBe(8_760);
    expect(runsPerMonth('rate(1 hour)')).toBe(730);
    expect(runsPerMonth('rate(7 days)')).toBeCloseTo(4.345, 3);
    expect(() => runsPerMonth('cron(0 0 * * ? *)')).toThrow('how often');
  });

  it('has as many billed metrics in an alarm as it watches', () => {
    const alarm = (Properties: object): [string, { Type: string; Properties: object }] => {
      return ['Alarm', { Type: 'AWS::CloudWatch::Alarm', Properties }];
    };
    const maths = { Metrics: [{ MetricStat: {} }, { MetricStat: {} }, { Expression: 'a/b' }] };
    expect(factsOf([alarm({ MetricName: 'One' }), alarm(maths)]).alarmMetrics).toBe(3);
  });
});

describe('stage dev with a thousand quiet tenants', () => {
  const FEW = 10;
  const MORE = 60;
  const TENANTS = 1_000;
  let template: Template;
  let few: CountedQuiet;
  let more: CountedQuiet;
  beforeAll(async () => {
    template = await synthesised('dev');
    [few, more] = [await countedQuiet(FEW), await countedQuiet(MORE)];
  });

  it('costs less than five dollars a month, without any free allowance', () => {
    const facts = factsOf([...template.resources]);
    const [small, large] = [few, more].map((quiet) => billOf(standingLines(facts, quiet)).dollars) as [number, number];
    // What tenants add is the same for each.
    const perTenant = (large - small) / (MORE - FEW);
    expect(perTenant).toBeGreaterThan(0);
    expect(large + perTenant * (TENANTS - MORE)).toBeLessThan(5);
  });

  it('is itemised: every schedule, every queue that is polled, every key and secret', () => {
    const facts = factsOf([...template.resources]);
    const { lines } = billOf(standingLines(facts, more));
    const groups = new Set(lines.map(({ group }) => group));
    for (const task of facts.runsPerMonth.keys()) expect(groups).toContain(task);
    const quantities = Object.fromEntries(lines.map(({ item, quantity }) => [item, quantity]));
    expect(quantities).toMatchObject({ keys: facts.keys, secrets: facts.secrets });
    expect(quantities[`empty looks at ${facts.polledQueues} queues`]).toBe(facts.polledQueues * 5 * 3 * 60 * 730);
  });

  it('is told as a table that says what it rests on', () => {
    const bill = billOf(standingLines(factsOf([...template.resources]), more));
    expect(billTable('Idle', bill, 1)).toMatch(/^Idle\n\n.*item.*\n(?:.|\n)*total +\$\d/);
    expect(footnotes(bill)).toContain('still to be checked on the page: ');
  });

  it('names a schedule that nobody has counted', () => {
    const facts = { ...factsOf([...template.resources]), runsPerMonth: new Map([['tidy', 1]]) };
    expect(() => standingLines(facts, more)).toThrow('The schedule tidy has not been counted');
  });
});

describe('the arguments', () => {
  it('have the defaults that the help shows', () => {
    expect(readCostOptions([])).toMatchObject({ events: 1_000_000, batch: 100, stage: 'dev', isIdle: false });
    expect(HELP).toContain('--events 1000000');
  });

  it.each([
    [['--events', '0'], '--events is "0"'],
    [['--batch', '1001'], 'from 1 to 1000'],
    [['--stage', 'test'], 'Unknown stage'],
    [['--month'], "Unknown option '--month'"],
  ])('refuses %j', (args, sentence) => {
    expect(() => readCostOptions(args)).toThrow(sentence);
  });
});
