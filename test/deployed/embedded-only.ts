import type { Listed } from './listed.ts';

/** What only the embedded stack can do. Every other acceptance test runs against a deployed stack, as it is. */
export const embeddedOnly: readonly Listed[] = [
  { file: 'crash.test.ts', reason: 'kills processes at named crash points' },
  { file: 'outage.test.ts', reason: 'kills the engines under the stack' },
  { file: 'month-end.test.ts', reason: 'shifts the clocks of single functions' },
  { file: 'poison.test.ts', reason: 'waits for redeliveries, which take three minutes of visibility timeout in dev' },
  { file: 'proofs.test.ts', reason: 'waits for the schedules to have run at the start' },
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
