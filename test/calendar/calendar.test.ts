import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CalendarWorld } from '../support/calendar-world.ts';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';

/** Where the machine could stand, and its minutes behind UTC in summer and winter: an east end, a west end, odd minutes. */
const PLACES = [
  ['Pacific/Kiritimati', -840, -840],
  ['America/Anchorage', 480, 540],
  ['Asia/Kathmandu', -345, -345],
  ['UTC', 0, 0],
] as const;

describe.skipIf(!dynoxide.available).each(PLACES)('on a machine in %s', (place, summer, winter) => {
  const machine = process.env['TZ'];
  const dynamodb = useDynamodb(dynoxide);
  let world: CalendarWorld;
  let worlds = 0;

  beforeAll(() => {
    process.env['TZ'] = place;
  });
  afterAll(() => {
    if (machine === undefined) delete process.env['TZ'];
    else process.env['TZ'] = machine;
  });

  /** A story of a tenant nobody else knows. */
  const story = (name: string, tell: () => Promise<void>) =>
    it(name, async () => {
      worlds += 1;
      world = new CalendarWorld(dynamodb, `story_${worlds}`);
      await world.begin();
      await tell();
    });

  it('JavaScript’s own local time is that of the place', () => {
    expect(new Date('2026-07-01T00:00:00Z').getTimezoneOffset()).toBe(summer);
    expect(new Date('2026-01-01T00:00:00Z').getTimezoneOffset()).toBe(winter);
  });

  story('an event of the last moment of a month books into it, though it is drained in the next', async () => {
    for (const [accepted, drained, month] of [
      ['2026-11-30T23:59:59.999Z', '2026-12-01T00:00:03Z', '2026-11'],
      ['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00Z', '2026-12'],
      ['2027-02-28T23:59:59Z', '2027-03-01T12:00:00Z', '2027-02'],
      ['2028-02-29T23:59:59Z', '2028-03-04T00:00:00Z', '2028-02'],
    ] as const) {
      const eventId = await world.accept(accepted);
      await world.drain(drained);
      expect(await world.periodOf(eventId)).toBe(month);
      const { lines, total_minor: total } = await world.statement(drained, month);
      expect(lines).toMatchObject([{ event_date: accepted.replace(/:59Z/, ':59.000Z'), amount_minor: '1' }]);
      expect(new Date(lines[0]?.posted_at ?? '').getTime()).toBe(Date.parse(drained));
      expect(total).toBe('1');
    }
    expect(await world.balanceMinor('2028-04-01T00:00:00Z')).toBe('4');
  });

  story('one millisecond parts two months, also in February of every kind of year', async () => {
    for (const [last, first] of [
      ['2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00.000Z'],
      ['2028-02-28T23:59:59.999Z', '2028-02-29T00:00:00.000Z'],
      ['2028-02-29T23:59:59.999Z', '2028-03-01T00:00:00.000Z'],
      ['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z'],
    ] as const) {
      expect(await world.book(last)).toBe(last.slice(0, 7));
      expect(await world.book(first)).toBe(first.slice(0, 7));
    }
  });

  story('a date counts as the moment it names, whatever offset it is written with', async () => {
    for (const [date, month] of [
      // The same moment, in two months of two places.
      ['2026-12-01T00:30:00+14:00', '2026-11'],
      ['2026-11-30T10:30:00Z', '2026-11'],
      ['2026-11-30T23:30:00-05:00', '2026-12'],
      ['2026-12-01T05:30:00+01:00', '2026-12'],
    ] as const) {
      expect(await world.book('2026-11-30T20:00:00Z', date)).toBe(month);
    }
    const { lines } = await world.statement('2026-11-30T21:00:00Z', '2026-11');
    expect(lines.map(({ event_date: date }) => date)).toEqual(['2026-11-30T10:30:00.000Z', '2026-11-30T10:30:00.000Z']);
  });

  story('late usage books into the month it is accepted in and keeps its date', async () => {
    expect(await world.book('2026-12-01T00:00:00Z', '2026-11-30T23:59:59.999Z')).toBe('2026-12');
    expect(await world.book('2027-01-01T00:00:00Z', '2026-02-01T00:00:00Z')).toBe('2027-01');
    const { lines } = await world.statement('2026-12-02T00:00:00Z', '2026-12');
    expect(lines).toMatchObject([{ event_date: '2026-11-30T23:59:59.999Z' }]);
  });

  story(
    'dates are taken from just after the same moment a year ago to just before the same moment tomorrow',
    async () => {
      for (const [now, first, last] of [
        ['2026-11-30T23:59:59.500Z', '2025-11-30T23:59:59.501Z', '2026-12-01T23:59:59.499Z'],
        ['2027-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z', '2027-01-01T23:59:59.999Z'],
        // From 29 February the year before begins on 1 March, and the day after is 1 March.
        ['2028-02-29T12:00:00.000Z', '2027-03-01T12:00:00.001Z', '2028-03-01T11:59:59.999Z'],
        ['2029-02-28T12:00:00.000Z', '2028-02-28T12:00:00.001Z', '2029-03-01T11:59:59.999Z'],
      ] as const) {
        await expect(world.accept(now, first)).resolves.toBeDefined();
        await expect(world.accept(now, last)).resolves.toBeDefined();
        for (const outside of [Date.parse(first) - 1, Date.parse(last) + 1]) {
          const refused = world.accept(now, new Date(outside).toISOString());
          await expect(refused).rejects.toMatchObject({ status: 400, fieldErrors: [{ field: 'event_date' }] });
        }
      }
    },
  );

  story('a day that does not exist is no date', async () => {
    for (const date of ['2027-02-29T00:00:00Z', '2026-11-31T00:00:00Z', '2026-12-01T24:00:00Z']) {
      await expect(world.accept('2026-12-01T00:00:00Z', date)).rejects.toMatchObject({ status: 400 });
    }
    await expect(world.accept('2028-03-01T00:00:00Z', '2028-02-29T00:00:00Z')).resolves.toBeDefined();
  });

  story('the statement of no month is that of the month now, by UTC', async () => {
    for (const [now, month] of [
      ['2026-11-30T23:59:59.999Z', '2026-11'],
      ['2026-12-01T00:00:00.000Z', '2026-12'],
      ['2026-12-31T23:59:59.999Z', '2026-12'],
      ['2027-01-01T00:00:00.000Z', '2027-01'],
    ] as const) {
      expect((await world.statement(now)).period).toBe(month);
    }
  });

  story('a month closed at the turn takes nothing more: what was accepted in it rolls forward', async () => {
    const inTime = await world.accept('2026-12-31T23:59:58Z');
    await world.drain('2026-12-31T23:59:59Z');
    const late = await world.accept('2026-12-31T23:59:59.999Z');
    await world.close('2027-01-01T00:00:00Z', '2026-12');
    await world.drain('2027-01-01T00:00:01Z');
    expect(await world.periodOf(inTime)).toBe('2026-12');
    expect(await world.periodOf(late)).toBe('2027-01');
    expect(await world.statement('2027-01-01T00:00:02Z', '2026-12')).toMatchObject({
      ...{ status: 'closed', total_minor: '1' },
      lines: [{ event_date: '2026-12-31T23:59:58.000Z' }],
    });
    const { lines } = await world.statement('2027-01-01T00:00:02Z');
    expect(lines).toMatchObject([{ event_date: '2026-12-31T23:59:59.999Z' }]);
    expect(await world.balanceMinor('2027-01-01T00:00:02Z')).toBe('2');
  });

  story('what is accepted in a closed month rolls forward over every closed one, across the year’s end', async () => {
    for (const month of ['2026-11', '2026-12']) await world.close('2026-11-30T00:00:00Z', month);
    await world.close('2027-01-05T00:00:00Z', '2027-01');
    expect(await world.book('2026-11-30T23:59:59Z')).toBe('2027-02');
    expect(await world.balanceMinor('2026-12-01T00:00:00Z')).toBe('1');
  });

  story('the last month that can be closed is the next one, also in December', async () => {
    for (const [now, last, tooLate] of [
      ['2026-11-30T23:59:59.999Z', '2026-12', '2027-01'],
      ['2026-12-31T23:59:59.999Z', '2027-01', '2027-02'],
      ['2027-01-31T00:00:00.000Z', '2027-02', '2027-03'],
    ] as const) {
      await expect(world.close(now, tooLate)).rejects.toMatchObject({ status: 400 });
      await expect(world.close(now, last)).resolves.toBeUndefined();
      await expect(world.close(now, last)).rejects.toMatchObject({ status: 409 });
    }
  });

  story('time never runs backwards in a lane, whatever the consumers’ clocks say', async () => {
    const clocks = [
      '2026-12-01T00:00:05.000Z',
      '2026-12-01T00:00:01.000Z',
      '2026-11-30T23:59:58.000Z',
      '2026-12-01T00:00:09.000Z',
    ];
    for (const at of clocks) {
      await world.accept('2026-12-01T00:00:00Z', undefined, 3);
      await world.drain(at);
    }
    const { lines } = await world.statement('2026-12-02T00:00:00Z', '2026-12');
    const [first, , , last] = clocks;
    expect(lines.map(({ posted_at: at }) => at)).toEqual([first, first, first, last]);
  });
});
