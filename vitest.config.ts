import { defineConfig } from 'vitest/config';

/** Where `.ci/run` wants the results as JSON. */
const report = process.env['ZEROSUM_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    // Real processes on whatever machine this is: a test waits for conditions, and this bounds the wait.
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
