import { describe, expect, it } from 'vitest';
import { readArguments, UsageError } from './arguments.ts';

const FRESH = 4_711;

describe('the arguments of a simulation', () => {
  it('name one seed, several, or as many fresh ones as the time allows', () => {
    expect(readArguments(['--seed', '7'], FRESH)?.seeds).toEqual({ from: 7, to: 7 });
    expect(readArguments(['--seeds', '3..9'], FRESH)?.seeds).toEqual({ from: 3, to: 9 });
    expect(readArguments(['--seconds', '5'], FRESH)).toMatchObject({ seeds: { from: FRESH }, seconds: 5 });
    expect(readArguments([], FRESH)).toMatchObject({ seeds: { from: 1, to: 20 }, events: 300, workers: 1 });
  });

  it('leave out operations and kinds of fault', () => {
    const given = readArguments(['--seed', '7', '--only', '3,17', '--without', 'network.death,sqs.throttle'], FRESH);
    expect(given?.only).toEqual(new Set([3, 17]));
    expect(given?.without).toEqual(new Set(['network.death', 'sqs.throttle']));
  });

  it.each([
    ['--seed', 'x'],
    ['--bogus', '1'],
    ['--seeds', '1..2', '--only', '3'],
    ['--seeds', '1..2', '--trace', 'file'],
    ['--seed', '1', '--seconds', '2'],
    ['--without', 'sunshine'],
    ['--events', '-5'],
  ])('are refused when they make no sense: %s %s', (...args) => {
    expect(() => readArguments(args, FRESH)).toThrow(UsageError);
  });

  it('ask for help', () => expect(readArguments(['--help'], FRESH)).toBeUndefined());
});
