import type { Streams } from './output.ts';

/** Standard output and error, as far as this process may use them. */
export function terminalOf(env: NodeJS.ProcessEnv): Streams {
  const { stdout: out, stderr: err } = process;
  return { out, err, outHasColour: out.isTTY && wantsColour(env), errIsWatched: err.isTTY && env['TERM'] !== 'dumb' };
}

/** By https://no-color.org: any value but an empty one turns colours off. */
function wantsColour(env: NodeJS.ProcessEnv): boolean {
  return !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
