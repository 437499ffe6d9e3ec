import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    // Real processes on whatever machine this is: a test waits for conditions, and this bounds the wait.
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
