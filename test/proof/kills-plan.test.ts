import { describe, expect, it } from 'vitest';
import { Random } from '../simulation/random.ts';
import { functionAt, type Kill, overtaxesEngine, planKills } from './kills/plan.ts';

const LONG_FORM = 200;

const plan = (seed: string, kills = LONG_FORM) => planKills(kills, new Random(seed));

describe('the plan of the kills', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plan('1')).toEqual(plan('1'));
    expect(plan('1', 20)).toEqual(plan('1').slice(0, 20));
    expect(plan('2')).not.toEqual(plan('1'));
  });

  it.each(['1', '2', '3'])('has every named point and every target, at seed %s', (seed) => {
    const kills = plan(seed);
    expect(kills).toHaveLength(LONG_FORM);
    const points = kills.flatMap((kill) => (kill.kind === 'point' ? [kill.point] : []));
    expect(new Set(points)).toEqual(new Set(Object.keys(functionAt)));
    const random = kills.filter(({ kind }) => kind === 'random').map(({ target }) => target);
    expect(new Set(random)).toEqual(
      new Set(['Ingest', 'Consumer', 'Reconcile', 'Admin', 'Projector', 'Guard', 'sqs', 'dynamodb', 's3', 'stack']),
    );
  });

  it.each(['1', '2', '3'])('loses messages before a sweep is to die over sending them, at seed %s', (seed) => {
    const kills = plan(seed);
    for (const [index, kill] of kills.entries()) {
      if (isSend(kill)) expect(kills[index - 1]?.target).toBe('sqs');
    }
    expect(kills.some(isSend)).toBe(true);
  });

  it.each(['1', '2', '3'])('lets no engine die so often at a stretch that the stack gives up, at seed %s', (seed) => {
    const kills = plan(seed);
    expect(overtaxesEngine(kills)).toBe(false);
    const sqs: Kill = { kind: 'random', target: 'sqs', afterShare: 0, delayMs: 0 };
    expect(overtaxesEngine([...kills, sqs, sqs, sqs, sqs, sqs])).toBe(true);
  });
});

function isSend(kill: Kill): boolean {
  return kill.kind === 'point' && ['reconcile:before-send', 'reconcile:after-send'].includes(kill.point);
}
