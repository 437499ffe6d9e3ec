import { build } from 'esbuild';

/**
 * Compiles a process's main file with all it imports to one file of plain JavaScript, so that no TypeScript loader runs
 * (or costs) in that process.
 */
export async function compile(entry: string, outfile: string): Promise<string> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  });
  return outfile;
}
