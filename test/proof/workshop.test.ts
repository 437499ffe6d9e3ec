import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suite } from './mutants/check.ts';
import type { Mutant } from './mutants/mutant.ts';
import { Workshop } from './mutants/workshop.ts';

const check = suite('domain/period');

const december: Mutant = {
  name: 'rolls-december-wrongly',
  breaks: 'I7: late usage of December is booked nowhere',
  file: 'lambdas/domain/period.ts',
  before: 'month === 12 ? [year + 1, 1] : [year, month + 1]',
  after: '[year, month + 1]',
  checks: [check],
};

describe('a workshop', () => {
  let workshop: Workshop;
  beforeAll(() => {
    workshop = new Workshop();
  });
  afterAll(() => workshop.close());

  it('says which check noticed a bug, and what it held against it', async () => {
    const caught = await workshop.try(december);
    expect(caught.by).toEqual(check);
    expect(caught.fault).toMatch(/^test\/domain\/period\.test\.ts: ".+": \w*Error/);
  });

  it('says so when no check notices, and keeps nothing of the bug before', async () => {
    const harmless = { ...december, after: 'month < 12 ? [year, month + 1] : [year + 1, 1]' };
    expect(await workshop.try(harmless)).toMatchObject({ by: undefined });
  });

  it('takes no check for one that fails without any bug, or runs no test', async () => {
    await expect(workshop.try({ ...december, checks: [suite('domain/no-such')] })).rejects.toThrow('domain/no-such');
  });
});
