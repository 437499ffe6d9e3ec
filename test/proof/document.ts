import type { Finding } from './findings.ts';
import type { Report } from './report.ts';
import type { Section } from './sections.ts';

export interface Part {
  readonly section: Section;
  readonly report: Report;
  readonly seconds: number;
  readonly date: string;
  readonly revision: string;
}

export interface Circumstances {
  readonly machine: string;
  /** What made this document. */
  readonly command: string;
}

/** Enough to know again what it says. */
const CELL_CHARS_MAX = 160;

/** The proof as people read it. */
export function proofDocument(parts: readonly Part[], findings: readonly Finding[], run: Circumstances): string {
  const violations = parts.reduce((sum, { report }) => sum + report.violations.length, 0);
  const lines = [
    '# Proof',
    '',
    `Nothing lost, nothing twice: what was done to break that, how much of it, and what came of it. Written by \`${run.command}\``,
    `on ${run.machine}. Every figure is a run's own; the command under each table does it again.`,
    '',
    `**Violations: ${violations}.**`,
    '',
  ];
  for (const part of parts) lines.push(...partLines(part));
  lines.push(
    '## Found and mended',
    '',
    'A proof that finds nothing convinces nobody. What these programs have found so far:',
    '',
  );
  lines.push('| Found by | What was wrong | Kept by |', '|---|---|---|');
  for (const { foundBy, fault, regression } of findings) {
    lines.push(`| ${cell(foundBy)} | ${cell(fault)} | \`${regression}\` |`);
  }
  return `${lines.join('\n')}\n`;
}

function partLines({ section, report, seconds, date, revision }: Part): string[] {
  const rows = Object.entries(report.figures).map(([label, figure]) => `| ${cell(label)} | ${grouped(figure)} |`);
  const violations = report.violations.map((violation) => `* ${violation}`);
  return [
    ...[`## ${section.title}`, '', section.question, ''],
    ...['| | |', '|---|---:|', ...rows, `| **violations** | **${report.violations.length}** |`, ''],
    ...(violations.length > 0 ? [...violations, ''] : []),
    ...tableLines(report.table),
    ...[
      '```sh',
      report.command,
      '```',
      '',
      `Run on ${date} at revision \`${revision}\`; it took ${Math.round(seconds)} s.`,
      '',
    ],
  ];
}

/** Folded: it is for whoever looks something up. */
function tableLines([names, ...rows]: readonly (readonly string[])[] = []): string[] {
  if (names === undefined) return [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text) => cell(text.slice(0, CELL_CHARS_MAX))).join(' | ')} |`;
  const table = [line(names), `|${'---|'.repeat(names.length)}`, ...rows.map(line)];
  return [`<details><summary>${rows.length} in all</summary>`, '', ...table, '', '</details>', ''];
}

/** On one line, and without what no editor shows: faults quote hostile values. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/[\p{Cc}\p{Cs}]+/gu, ' ');
}

/** 1000000 as 1,000,000. */
function grouped(figure: number): string {
  return String(figure).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
