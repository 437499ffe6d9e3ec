import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Part, proofDocument } from './document.ts';
import { findings } from './findings.ts';
import { sections } from './sections.ts';

const section = { title: 'Killed', question: 'Is anything lost?', script: 'kills', long: [], brief: [] };

function part(violations: string[]): Part {
  const report = {
    name: 'kills',
    command: 'npm run kills -- --kills 200',
    figures: { 'events sent': 20_000 },
    violations,
  };
  return { section, report, seconds: 61.4, date: '2026-03-15', revision: 'abc1234' };
}

const run = { machine: '2 cores', command: 'npm run proof' };

describe('the proof’s document', () => {
  it('shows what was done, how much of it, and the command that does it again', () => {
    const text = proofDocument([part([])], [], run);
    expect(text).toContain('**Violations: 0.**');
    expect(text).toContain('| events sent | 20,000 |');
    expect(text).toContain('```sh\nnpm run kills -- --kills 200\n```');
    expect(text).toContain('Run on 2026-03-15 at revision `abc1234`; it took 61 s.');
  });

  it('lists what deserves a row each', () => {
    const { report, ...rest } = part([]);
    const table = [
      ['mutant', 'caught by'],
      ['rounds', 'a |\u0000\nb'],
    ];
    const text = proofDocument([{ ...rest, report: { ...report, table } }], [], run);
    expect(text).toContain('<summary>1 in all</summary>\n\n| mutant | caught by |\n|---|---|\n| rounds | a \\| b |\n');
  });

  it('hides no violation', () => {
    const text = proofDocument([part(['lost: api:1', 'lost: api:2']), part(['twice: api:3'])], [], run);
    expect(text).toContain('**Violations: 3.**');
    for (const violation of ['lost: api:1', 'lost: api:2', 'twice: api:3']) expect(text).toContain(`* ${violation}`);
  });
});

describe('what the proof has found', () => {
  it.each(findings.map((finding) => [finding.foundBy, finding] as const))('is kept by a test: %s', (_, finding) => {
    const [file = '', title = ''] = finding.regression.split(': ');
    expect(existsSync(file), `${file} is there`).toBe(true);
    // A title with a name in it is a template in the file.
    expect(readFileSync(file, 'utf8').replaceAll('’', "'"), file).toContain(title.replaceAll('’', "'"));
  });
});

describe('the parts of the proof', () => {
  it.each([...sections.map(({ script }) => script), 'proof'])('npm run %s says how it is used', async (script) => {
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', script, '--', '--help']);
    expect(stdout).toContain(`npm run ${script}`);
    expect(stdout).toContain('--');
  });
});
