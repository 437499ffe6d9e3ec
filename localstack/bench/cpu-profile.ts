import { existsSync, readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { packageOf } from './bundle-size.ts';

/** Microseconds of a process's running time, by whose code ran. */
export type TimeByOwner = Map<string, number>;

const PROFILER = 'profiler';

/** V8's name for time in which the process waited. */
const IDLE = '(idle)';

/** The file of `profile-hook.ts`: what profiling itself costs is left out. */
export const PROFILE_HOOK_FILE = 'profile-hook.mjs';

/** V8's names for time that is no function's: collecting garbage, and native code that no JavaScript called. */
const NOBODYS: Readonly<Record<string, string>> = { '(garbage collector)': 'gc', '(program)': 'node' };

/**
 * Adds up a profile of a worker by owner: a package of the function's bundle (by the source map beside it), `ours` for
 * the code in `lambdas/`, `gc`, `worker` (the embedded stack's own code) or `node`. What Node does for a caller in the
 * bundle is the caller's time, so hashing is ours and sending a request is the SDK's.
 */
export function timeByOwner(profile: Profiler.Profile): TimeByOwner {
  const owners = ownersOf(profile);
  const times: TimeByOwner = new Map();
  for (const [at, id] of (profile.samples ?? []).entries()) {
    const owner = owners.get(id);
    if (owner !== undefined) times.set(owner, (times.get(owner) ?? 0) + (profile.timeDeltas?.[at] ?? 0));
  }
  return times;
}

/** By node id; waiting and profiling have no owner. */
function ownersOf(profile: Profiler.Profile): Map<number, string | undefined> {
  const sources = new Sources();
  const owners = new Map<number, string | undefined>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const visit = (node: Profiler.ProfileNode, inherited: string) => {
    const owner = sources.ownerOf(node.callFrame) ?? inherited;
    owners.set(node.id, node.callFrame.functionName === IDLE || owner === PROFILER ? undefined : owner);
    for (const child of node.children ?? []) {
      const next = nodes.get(child);
      if (next !== undefined) visit(next, owner);
    }
  };
  const [root] = profile.nodes;
  if (root !== undefined) visit(root, 'node');
  return owners;
}

class Sources {
  readonly #maps = new Map<string, SourceMap | undefined>();

  /** Undefined for what runs on behalf of its caller. */
  ownerOf({ url, functionName, lineNumber, columnNumber }: Profiler.ProfileNode['callFrame']): string | undefined {
    if (url === '') return NOBODYS[functionName];
    if (!url.startsWith('file:')) return undefined;
    if (url.endsWith(`/${PROFILE_HOOK_FILE}`)) return PROFILER;
    const map = this.#mapOf(url);
    if (map === undefined) return 'worker';
    const entry = map.findEntry(lineNumber, columnNumber);
    return 'originalSource' in entry ? packageOf(entry.originalSource) : undefined;
  }

  #mapOf(url: string): SourceMap | undefined {
    if (!this.#maps.has(url)) {
      const file = `${fileURLToPath(url)}.map`;
      this.#maps.set(url, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined);
    }
    return this.#maps.get(url);
  }
}
