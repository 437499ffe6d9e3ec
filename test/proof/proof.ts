import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Part, proofDocument } from './document.ts';
import { findings } from './findings.ts';
import { readReport } from './report.ts';
import { type Section, sections } from './sections.ts';

const USAGE = `npm run proof [-- --brief] [--out FILE]

Runs the long form of every part of the proof, one after another (an hour and a half on two cores), and writes
docs/proof.md. With --brief it runs a minute or so of each, and writes to standard output.`;

const { values } = parseArgs({
  options: { brief: { type: 'boolean' }, out: { type: 'string' }, help: { type: 'boolean' } },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'zerosum-proof-'));
const parts = sections.map(run);
rmSync(folder, { recursive: true });
const document = proofDocument(parts, findings, {
  date: new Date().toISOString().slice(0, 10),
  revision: said('git', ['rev-parse', '--short', 'HEAD']),
  machine: `${availableParallelism()} cores, ${platform()}-${arch()}, Node ${process.versions.node}`,
  command: values.brief ? 'npm run proof -- --brief' : 'npm run proof',
});
const out = values.out ?? (values.brief ? undefined : 'docs/proof.md');
if (out === undefined) console.log(document);
else writeFileSync(out, document);
process.exit(parts.every(({ report }) => report.violations.length === 0) ? 0 : 1);

/** Runs one part to its end, with its output for whoever watches. */
function run(section: Section): Part {
  const path = join(folder, `${section.script}.json`);
  const args = values.brief ? section.brief : section.long;
  console.log(`\n# ${section.title}: npm run ${section.script} -- ${args.join(' ')}`);
  const startMs = performance.now();
  const command = ['run', '--silent', section.script, '--', ...args];
  const { status } = spawnSync('npm', [...command, '--report', path], { stdio: ['ignore', 'inherit', 'inherit'] });
  const seconds = (performance.now() - startMs) / 1_000;
  // A part that broke must not cost the others their hour.
  if (existsSync(path)) return { section, report: readReport(path), seconds };
  const violations = [`It ended with status ${status} and left no report.`];
  return {
    section,
    report: { name: section.script, command: `npm ${command.join(' ')}`, figures: {}, violations },
    seconds,
  };
}

function said(command: string, args: readonly string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout.trim();
}
