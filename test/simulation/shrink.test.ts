import { describe, expect, it } from 'vitest';
import { shrink } from './shrink.ts';

const WHOLE = Array.from({ length: 200 }, (_, index) => index);

describe('shrinking', () => {
  it.each([[[17]], [[0, 199]], [[3, 4, 150]], [[20, 21, 22, 90, 91]]])(
    'comes down to what fails: %j',
    async (needed) => {
      const left = await shrink(WHOLE, async (parts) => needed.every((part) => parts.includes(part)));
      expect(left).toEqual(needed);
    },
  );

  it('keeps what fails only together, and asks no oftener than it may', async () => {
    let asked = 0;
    const left = await shrink(
      WHOLE,
      async (parts) => {
        asked += 1;
        return parts.length === WHOLE.length;
      },
      20,
    );
    expect(left).toEqual(WHOLE);
    expect(asked).toBe(20);
  });

  it('leaves nothing of what fails in any case', async () => {
    expect(await shrink(WHOLE, async () => true)).toEqual([]);
  });
});
