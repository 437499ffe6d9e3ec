import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Part, proofDocument } from './document.ts';
import { findings } from './findings.ts';
import { type Report, readReport } from './report.ts';
import { type Section, sections } from './sections.ts';

const USAGE = `npm run proof [-- --brief] [--keep FOLDER [--part NAME]] [--out FILE]

Runs the long form of every part of the proof, one after another (an hour and a half on two cores), and writes
docs/proof.md.
  --brief        a minute or so of each, and the document goes to standard output
  --keep FOLDER  leaves each part's figures there; a part whose figures are there already is not run again, so that a
                 proof that was interrupted goes on
  --part NAME    this part alone, and no document: ${sections.map(({ script }) => script).join(', ')}
  --out FILE     where the document goes`;

const { values } = parseArgs({
  options: {
    brief: { type: 'boolean', default: false },
    keep: { type: 'string' },
    part: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'zerosum-proof-'));
mkdirSync(folder, { recursive: true });
const wanted = sections.filter(({ script }) => values.part === undefined || values.part === script);
if (wanted.length === 0) throw new Error(`There is no part ${values.part}.\n\n${USAGE}`);
const parts = wanted.map(part);
const document = proofDocument(parts, findings, {
  machine: `${availableParallelism()} cores, ${platform()}-${arch()}, Node ${process.versions.node}`,
  command: values.brief ? 'npm run proof -- --brief' : 'npm run proof',
});
const out = values.out ?? (values.brief ? undefined : 'docs/proof.md');
if (values.part !== undefined) console.log(`The figures are in ${folder}.`);
else if (out === undefined) console.log(document);
else writeFileSync(out, document);
process.exit(parts.every(({ report }) => report.violations.length === 0) ? 0 : 1);

function part(section: Section): Part {
  const path = join(folder, `${section.script}.part.json`);
  if (existsSync(path)) return { ...JSON.parse(readFileSync(path, 'utf8')), section };
  const done = run(section);
  writeFileSync(path, JSON.stringify(done));
  return done;
}

/** Runs one part to its end, with its output for whoever watches. */
function run(section: Section): Part {
  const path = join(folder, `${section.script}.report.json`);
  const args = values.brief ? section.brief : section.long;
  const command = ['run', '--silent', section.script, '--', ...args];
  console.log(`\n# ${section.title}: npm ${command.join(' ')}`);
  const when = { date: new Date().toISOString().slice(0, 10), revision: revision() };
  const startMs = performance.now();
  const { status } = spawnSync('npm', [...command, '--report', path], { stdio: ['ignore', 'inherit', 'inherit'] });
  const seconds = (performance.now() - startMs) / 1_000;
  // A part that broke must not cost the others their hour.
  const broken: Report = {
    ...{ name: section.script, command: `npm ${command.join(' ')}`, figures: {} },
    violations: [`It ended with status ${status} and left no report.`],
  };
  return { section, report: existsSync(path) ? readReport(path) : broken, seconds, ...when };
}

function revision(): string {
  return spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
}
