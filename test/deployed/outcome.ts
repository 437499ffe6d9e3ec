import { basename } from 'node:path';
import * as z from 'zod';
import { isListed, type Listed } from './listed.ts';

/** What vitest's JSON reporter writes, as far as it matters here. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

export interface Outcome {
  readonly passed: number;
  /** Tests that fail as they are listed to. */
  readonly deviating: number;
  /** One text for each thing that is not as it should be. */
  readonly violations: readonly string[];
}

/** The lists a run went by: tests that had to fail, and tests that were left out. */
export interface Lists {
  readonly deviating: readonly Listed[];
  readonly leftOut: readonly Listed[];
}

const TOLD_CHARS = 2_000;

interface Test {
  readonly file: string;
  readonly name: string;
}

/** Reads a run's report: a test may fail only where it must, and what is listed must be there. */
export function outcomeOf(report: unknown, lists: Lists): Outcome {
  const { testResults } = reportSchema.parse(report);
  const isLeftOut = (test: Test) => lists.leftOut.some((listed) => isListed(listed, test));
  const files = testResults.map((result) => ({ ...result, file: basename(result.name) }));
  const tests = files.flatMap(({ file, assertionResults }) =>
    assertionResults.map(({ fullName, status, failureMessages }) => ({
      ...{ file, name: fullName, status, message: failureMessages.join('\n') },
      mustFail: lists.deviating.some((listed) => isListed(listed, { file, name: fullName })),
    })),
  );
  const ran = tests.filter(({ status }) => status === 'passed' || status === 'failed');
  const wrong = ran.filter(({ status, mustFail }) => (status === 'failed') !== mustFail);
  // A file that fails before its first test has only tests that did not run.
  const broken = files.filter(({ file, status, assertionResults }) => {
    const expected = assertionResults.filter(({ fullName }) => !isLeftOut({ file, name: fullName }));
    return status === 'failed' && !expected.some((test) => test.status === 'passed' || test.status === 'failed');
  });
  const missing = tests.filter((test) => !ran.includes(test) && !isLeftOut(test) && !broken.some(isOf(test)));
  const stale = [...lists.deviating, ...lists.leftOut].flatMap(({ file, tests: starts = [] }) =>
    starts
      .filter(() => files.some((one) => one.file === file))
      .filter((start) => !tests.some((test) => isListed({ file, tests: [start], reason: '' }, test)))
      .map((start) => `${file} has no test "${start}…": strike it from its list in test/deployed/.`),
  );
  return {
    passed: ran.filter(({ status, mustFail }) => status === 'passed' && !mustFail).length,
    deviating: ran.filter(({ status, mustFail }) => status === 'failed' && mustFail).length,
    violations: [
      ...broken.map(({ file, message }) => `${file} did not run: ${message.slice(0, TOLD_CHARS)}`),
      ...missing.map(({ file, name }) => `${file}: "${name}" did not run, and is on no list in test/deployed/.`),
      ...wrong.map(({ file, name, message, mustFail }) =>
        mustFail
          ? `${file}: "${name}" passes now: strike it from test/deployed/ministack-deviations.ts.`
          : `${file}: "${name}": ${message.slice(0, TOLD_CHARS)}`,
      ),
      ...stale,
    ],
  };
}

function isOf({ file }: Test) {
  return (broken: { readonly file: string }) => broken.file === file;
}
