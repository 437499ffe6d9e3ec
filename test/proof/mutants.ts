/** The mutation check: what it does, and its arguments, are in `mutants/options.ts`. */
import { MUTANTS } from './mutants/all.ts';
import { checkName } from './mutants/check.ts';
import type { Mutant } from './mutants/mutant.ts';
import { type MutantOptions, readMutantOptions, USAGE, UsageError } from './mutants/options.ts';
import { type Catch, Workshop } from './mutants/workshop.ts';
import { writeReport } from './report.ts';

const MS_PER_DAY = 86_400_000;

try {
  const options = readMutantOptions(process.argv.slice(2), MUTANTS, Math.floor(Date.now() / MS_PER_DAY));
  if (options === undefined) say(USAGE);
  else if (!(await tryAll(options))) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = 1;
}

/** Whether every chosen mutant was caught. */
async function tryAll({ chosen, command, report }: MutantOptions): Promise<boolean> {
  const workshop = new Workshop();
  const tried: (Catch & { readonly mutant: Mutant })[] = [];
  say('mutant | breaks | caught by | seconds');
  try {
    for (const mutant of chosen) {
      const one = await workshop.try(mutant);
      tried.push({ mutant, ...one });
      say(`${mutant.name} | ${mutant.breaks} | ${caughtBy(one)} | ${one.seconds.toFixed(1)}`);
    }
  } finally {
    workshop.close();
  }
  const caught = tried.filter(({ by }) => by !== undefined);
  const survivors = tried.filter(({ by }) => by === undefined).map(({ mutant }) => mutant.name);
  const by = (kind: string) => caught.filter((one) => one.by?.kind === kind).length;
  const figures = {
    mutants: tried.length,
    caught: caught.length,
    'caught by the simulation': by('simulation'),
    'caught by the suite': by('suite'),
  };
  const violations = survivors.map((name) => `no check notices the mutant ${name}`);
  const rows = tried.map((one) => [one.mutant.name, one.mutant.breaks, caughtBy(one)]);
  const table = [['mutant', 'what it breaks', 'caught by'], ...rows];
  writeReport(report, { name: 'mutants', command, figures, violations, table });
  say(`${command}\n${caught.length} of ${tried.length} caught`);
  return survivors.length === 0;
}

function caughtBy({ by, fault }: Catch): string {
  if (by === undefined) return 'NOTHING: mend the tests';
  // A suite's fault says in which of its files it is.
  return by.kind === 'suite' ? fault : `${checkName(by)}: ${fault}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
