import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest, the longest first. On a machine without vitest's cache, such as CI, it would begin a file the
 * later the shorter its text is, and in the end wait for one of these with a core idle.
 */
const LONGEST = [
  'reconcile/flat-memory',
  'acceptance/reconcile',
  'localstack/streams',
  'acceptance/crash',
  'console/try',
  'client/import-command',
  'console/operator-books',
  'console/ledger',
  'acceptance/rate-limits',
  'acceptance/close',
  'acceptance/keys',
  'localstack/start-and-stop',
  'acceptance/operations',
  'client/cli-commands',
  'console/operator-service',
  'console/shell',
  'stack/nag',
].map((name) => `/test/${name}.test.ts`);

/** Begins with the longest, and goes on in vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const turn = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((end) => moduleId.endsWith(end));
      return at === -1 ? LONGEST.length : at;
    };
    return sorted.sort((one, other) => turn(one) - turn(other));
  }
}
