/** One part of the proof: a program, and why somebody should care what it finds. */
export interface Section {
  readonly title: string;
  readonly question: string;
  /** Its npm script, with the arguments of the long form. */
  readonly script: string;
  readonly long: readonly string[];
  /** The same in a minute, to try the whole out. */
  readonly brief: readonly string[];
}

export const sections: readonly Section[] = [
  {
    title: 'Simulated',
    question:
      'The real functions in one process, on a virtual clock, over services nastier than AWS: does any order of deaths, lost answers, conflicts, late indexes, redeliveries, month ends and closes break an invariant?',
    script: 'simulate',
    long: ['--seeds', '1..2000', '--events', '500', '--workers', '2'],
    brief: ['--seeds', '1..10', '--events', '500', '--workers', '2'],
  },
  {
    title: 'Killed',
    question: 'Real processes and engines, killed with SIGKILL under load: is anything lost, or charged twice?',
    script: 'kills',
    long: ['--kills', '200', '--events', '20000'],
    brief: ['--kills', '10', '--events', '500'],
  },
  {
    title: 'Fuzzed',
    question:
      'Requests made up from the API document, and hostile ones besides: does any get a 5xx, or an answer that the document does not have?',
    script: 'fuzz',
    long: ['--seconds', '300'],
    brief: ['--seconds', '20'],
  },
  {
    title: 'Mutated',
    question: 'With a bug put in on purpose, does anything here notice?',
    script: 'mutants',
    long: [],
    brief: ['--count', '3'],
  },
  {
    title: 'Second opinion',
    question:
      'Do both DynamoDB engines, one of them AWS’s own, and the simulated one agree with what the adapters rely on?',
    script: 'engines',
    long: [],
    brief: [],
  },
];
