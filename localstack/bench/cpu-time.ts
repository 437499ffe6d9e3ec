import { readFileSync } from 'node:fs';
import type { RunningStack } from '../../test/support/stack.ts';

/** Linux counts a process's time in hundredths of a second (`getconf CLK_TCK`, 100 on every platform Node supports). */
const MS_PER_TICK = 10;

/** Processor time so far, in milliseconds, by whose it is: functions by short name, the engines, the stack's parent. */
export type CpuTimes = Readonly<Record<string, number>>;

export interface StackUse {
  readonly cpuMs: CpuTimes;
  readonly consumerInvocations: number;
}

/** What the stack's processes and this one have used since they began; on Linux alone also those that are not functions. */
export async function stackUse(stack: RunningStack): Promise<StackUse> {
  const { functions, engines } = await stack.stats();
  const info = stack.info();
  const labels = new Map(info.functions.map(({ logicalId, label }) => [logicalId, label]));
  const cpuMs: Record<string, number> = {};
  let consumerInvocations = 0;
  for (const [logicalId, stats] of Object.entries(functions)) {
    const label = labels.get(logicalId) ?? logicalId;
    cpuMs[label] = stats.cpuMs;
    if (label === 'Consumer') consumerInvocations = stats.invocations;
  }
  const { user, system } = process.cpuUsage();
  const others = { parent: info.processId, dynamodb: engines['dynamodb'], queue: engines['sqs'] };
  for (const [name, processId] of Object.entries(others)) {
    const used = processId === undefined ? undefined : processCpuMs(processId);
    if (used !== undefined) cpuMs[name] = used;
  }
  return { cpuMs: { ...cpuMs, driver: (user + system) / 1_000 }, consumerInvocations };
}

/** proc(5), `/proc/pid/stat`: fields 14 and 15, utime and stime. Undefined where there is no such file. */
function processCpuMs(processId: number): number | undefined {
  try {
    const afterName = readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ').at(-1) ?? '';
    const fields = afterName.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return undefined;
  }
}
