import { expect, it } from 'vitest';
import { ProgressDisplay } from '../../../client/import/progress-display.ts';
import { NOTHING_DONE } from '../../../client/import/run-import.ts';

const before = { ...NOTHING_DONE, rejectsBytes: 0 };

/** What a display shows of a file of 4,000 bytes, told each second of a thousand rows more. */
function shown(watching: { isTerminal: boolean; isQuiet?: boolean }, totalBytes: number | undefined, steps: number) {
  const said: string[] = [];
  let nowMs = 0;
  const screen = {
    progress: (text: string) => void said.push(`\r${text}`),
    endProgress: () => void said.push('end'),
    note: (text: string) => void said.push(text),
  };
  const display = new ProgressDisplay(screen, { isQuiet: false, columns: 200, ...watching, nowMs: () => nowMs });
  for (let step = 1; step <= steps; step += 1) {
    nowMs += 1_000;
    const progress = { ...before, rows: step * 1_000, rejected: 2, endByte: step * 1_000 };
    display.update({ ...progress, totalBytes, before, isBusy: step === 3 });
  }
  display.end();
  return said;
}

it('draws a bar on a terminal, with rate, what is left and whether it waits', () => {
  expect(shown({ isTerminal: true }, 4_000, 3)).toEqual([
    '\r 25%  [######------------------]  1,000 rows  1,000/s  ETA 0:03  2 rejected',
    '\r 50%  [############------------]  2,000 rows  1,000/s  ETA 0:02  2 rejected',
    '\r 75%  [##################------]  3,000 rows  1,000/s  ETA 0:01  2 rejected  waiting for the service',
    'end',
  ]);
});

it('writes a line every few seconds elsewhere, nothing when quiet, and only counts what has no end to see', () => {
  expect(shown({ isTerminal: false }, 4_000, 4)).toEqual(['end']);
  expect(shown({ isTerminal: false }, undefined, 10)).toEqual([
    '5,000 rows  1,000/s  2 rejected',
    '10,000 rows  1,000/s  2 rejected',
    'end',
  ]);
  expect(shown({ isTerminal: true, isQuiet: true }, 4_000, 4)).toEqual(['end']);
});
