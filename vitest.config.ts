import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** Files spend much of their time waiting for processes: two at a time pay off even on two cores, where vitest runs one. */
const FILES_AT_ONCE_MIN = 2;

/** Where `.ci/run` wants the results as JSON. */
const report = process.env['ZEROSUM_TEST_REPORT'];

/** Whether the tests are those of a deployed stack (`npm run test:deployed`), each of which has the emulator to itself. */
const isDeployed = process.env['ZEROSUM_EMULATOR'] !== undefined;

export default defineConfig({
  test: {
    include: isDeployed ? ['test/{acceptance,deployed}/*.test.ts'] : ['test/**/*.test.ts'],
    exclude: isDeployed ? [] : ['test/deployed/*.test.ts'],
    fileParallelism: !isDeployed,
    maxWorkers: Math.max(FILES_AT_ONCE_MIN, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    globalSetup: 'test/global-setup.ts',
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    // Real processes on whatever machine this is: a test waits for conditions, and this bounds the wait.
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
