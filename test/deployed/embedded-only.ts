import type { Listed } from './listed.ts';

/** What only the embedded stack can do. Every other acceptance test runs against a deployed stack, as it is. */
export const embeddedOnly: readonly Listed[] = [
  {
    file: 'authority.test.ts',
    reason: 'asks the embedded stack for the functions’ credentials; emulators check no roles',
  },
  { file: 'operations.test.ts', reason: 'reads the functions’ logs from the data folder, and kills a process' },
  { file: 'crash.test.ts', reason: 'kills processes at named crash points' },
  { file: 'outage.test.ts', reason: 'kills the engines under the stack' },
  { file: 'authority.test.ts', reason: 'tries what each role must not, where the embedded stack holds it to that' },
  { file: 'keys.test.ts', reason: 'sets the clock of a function ahead, past what it remembers' },
  { file: 'month-end.test.ts', reason: 'shifts the clocks of single functions' },
  {
    file: 'secrets.test.ts',
    reason: 'runs commands on the data folder; the deployed life cycle runs them on Secrets Manager',
  },
  {
    file: 'adjustments.test.ts',
    tests: [
      'POST /adjustments accepts while the queue is down',
      'POST /adjustments is charged once when the process dies at',
    ],
    reason: 'stops the queue engine; kills processes at crash points',
  },
  {
    file: 'batch.test.ts',
    tests: ['a batch under fire whose process dies'],
    reason: 'kills processes at crash points',
  },
  { file: 'batch.test.ts', tests: ['a batch under fire is accepted while'], reason: 'stops the queue engine' },
  {
    file: 'keys.test.ts',
    tests: ['an API key has two secrets for a day from its rotation', 'keeps no secret that it has shown'],
    reason: 'shifts the clock of a function; reads the logs in the data folder',
  },
  {
    file: 'console.test.ts',
    tests: ['the development route'],
    reason: 'no deployed stage has it: the test before says so of each',
  },
  { file: 'close.test.ts', tests: ['a close whose process is killed at'], reason: 'kills processes at crash points' },
  {
    file: 'contract.test.ts',
    tests: ['everywhere serves under the stage prefix as at the root'],
    reason: 'a deployed API has no other root: every test runs under its stage prefix',
  },
  {
    file: 'openapi.test.ts',
    tests: ['the refusals is not ready as the document says'],
    reason: 'stops the database engine',
  },
  {
    file: 'openapi.test.ts',
    tests: ['serves the document and the pages the same under the stage prefix'],
    reason: 'a deployed API has no other root: every test runs under its stage prefix',
  },
  {
    file: 'reconcile.test.ts',
    tests: ['goes on by itself with a run whose process was killed'],
    reason: 'kills processes at crash points',
  },
  {
    file: 'usage.test.ts',
    tests: ['the meters equal the pages, whatever dies', 'the meters are whole again by one command'],
    reason: 'kills processes at crash points',
  },
  {
    file: 'usage.test.ts',
    tests: ['the meters say how they are rebuilt'],
    reason: 'runs a command of the embedded stack',
  },
];
