import { assumptions, HOURS_PER_MONTH } from './assumptions.ts';
import type { Line } from './bill.ts';
import type { CountedQuiet } from './counted-quiet.ts';
import { scaled, tablesIn } from './tally.ts';
import type { TemplateFacts } from './template-facts.ts';
import { line, storageLines, usageLines } from './usage-lines.ts';

const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3_600;

/** What a stage costs in a month in which nobody sends anything: what is declared, and what its schedules do. */
export function standingLines(facts: TemplateFacts, quiet: CountedQuiet): Line[] {
  const polls = (assumptions.pollersPerQueue * SECONDS_PER_MONTH) / assumptions.pollSeconds;
  const runs = [...facts.runsPerMonth.values()].reduce((sum, count) => sum + count, 0);
  return [
    line('declared', 'keys', facts.keys, 'key'),
    line('declared', 'secrets', facts.secrets, 'secret'),
    line('declared', 'alarms', facts.alarmMetrics, 'alarm'),
    line('declared', 'composite alarms', facts.compositeAlarms, 'compositeAlarm'),
    line('declared', 'dashboards', facts.dashboards, 'dashboard'),
    line('declared', `empty looks at ${facts.polledQueues} queues`, facts.polledQueues * polls, 'fifoRequest'),
    ...[...facts.runsPerMonth].flatMap(([task, count]) => taskLines(task, count, facts, quiet)),
    line('schedules', 'metrics written though nothing happens', quiet.metrics, 'customMetric'),
    line('schedules', 'traces', facts.isTraced ? runs : 0, 'trace'),
    ...storageLines(`what ${quiet.tenants} tenants once sent`, quiet.storedBytes),
  ];
}

/** One task's runs. A task that was not counted would be free: so it is an error. */
function taskLines(task: string, count: number, facts: TemplateFacts, quiet: CountedQuiet): Line[] {
  const tally = [...quiet.byTask].find(([name]) => name === task)?.[1];
  if (tally === undefined) throw new Error(`The schedule ${task} has not been counted: add it to the tasks.`);
  const memoryMb = (name: string) => facts.memoryMb.get(name) ?? 0;
  // Runs are further apart than DynamoDB keeps a table's key.
  const keys = facts.hasKeyedTables ? tablesIn(tally) * count : 0;
  return [
    ...usageLines({ group: task, tally: scaled(tally, count), memoryMb }),
    line(task, 'table keys asked for', keys, 'keyRequest'),
  ];
}
