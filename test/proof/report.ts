import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const schema = z.object({
  name: z.string(),
  /** Reproduces this very run. */
  command: z.string(),
  figures: z.record(z.string(), z.number()),
  violations: z.array(z.string()),
  /** What is worth a row each; the first names the columns. */
  table: z.array(z.array(z.string())).optional(),
});

/** What one program of the proof did and found. */
export type Report = z.infer<typeof schema>;

export function writeReport(path: string | undefined, report: Report): void {
  if (path !== undefined) writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

/** Throws when the program left none, or something else. */
export function readReport(path: string): Report {
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
