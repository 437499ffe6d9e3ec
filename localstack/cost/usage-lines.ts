import { assumptions } from './assumptions.ts';
import type { Line } from './bill.ts';
import { countOf, countsUnder, type Tally } from './tally.ts';

const MS_PER_SECOND = 1_000;
const MB_PER_GB = 1_024;
const BYTES_PER_GB = 1_024 ** 3;

/** How a tally of calls turns into lines: what it is called, and how much memory each function has. */
export interface UsageOf {
  readonly group: string;
  readonly tally: Tally;
  readonly memoryMb: (functionName: string) => number;
  /** Events whose own code runs in the tally, each in three functions. */
  readonly events?: number;
}

/** What the calls of a tally are billed as. */
export function usageLines({ group, tally, memoryMb, events = 0 }: UsageOf): Line[] {
  const invocations = countsUnder(tally, 'invoke ');
  const total = invocations.reduce((all, [, count]) => all + count, 0);
  const gbSeconds = invocations.map(([name]) => gbSecondsOf(name, tally, memoryMb(name), events));
  return [
    ...countsUnder(tally, 'write ').map(([table, quantity]) => line(group, `${table} writes`, quantity, 'writeUnit')),
    ...countsUnder(tally, 'read ').map(([table, quantity]) => line(group, `${table} reads`, quantity, 'readUnit')),
    line(group, 'invocations', total, 'lambdaRequest'),
    line(
      group,
      'duration',
      gbSeconds.reduce((all, each) => all + each, 0),
      'lambdaGbSecond',
    ),
    ...['send', 'receive', 'delete', 'get', 'change'].flatMap((verb) =>
      countsUnder(tally, `${verb} `).map(([queue, quantity]) =>
        line(group, `${verb} ${queue}`, quantity, 'fifoRequest'),
      ),
    ),
    line(group, 'anchors put, listed', countOf(tally, 'object put') + countOf(tally, 'object list'), 'objectWrite'),
    line(group, 'anchors read', countOf(tally, 'object get'), 'objectRead'),
    line(group, 'logs', (total * assumptions.logBytesPerInvocation) / BYTES_PER_GB, 'logIngestion'),
  ];
}

/** Bytes that lie somewhere for a month, by where. */
export function storageLines(group: string, bytes: ReadonlyMap<string, number>): Line[] {
  const [tables, objects] = [[...bytes].filter(([name]) => name !== 'anchors'), bytes.get('anchors') ?? 0];
  const gigabytes = tables.reduce((sum, [, each]) => sum + each, 0) / BYTES_PER_GB;
  return [
    line(group, 'tables and indexes', gigabytes, 'tableStorage'),
    line(group, 'tables, every second of 35 days', gigabytes, 'tableBackup'),
    line(group, 'anchors', objects / BYTES_PER_GB, 'objectStorage'),
  ];
}

export function line(group: string, item: string, quantity: number, price: Line['price']): Line {
  return { group, item, quantity, price };
}

export function gigabytes(bytes: number): number {
  return bytes / BYTES_PER_GB;
}

/** The whole duration of a function's invocations, times its memory. */
function gbSecondsOf(name: string, tally: Tally, memoryMb: number, events: number): number {
  const { cpuMsPerInvocation, cpuMsPerCall, cpuMsPerEvent, mbPerCore } = assumptions;
  const calls = (service: string) => countOf(tally, `call ${name} ${service}`);
  const [dynamodb, sqs, s3] = [calls('dynamodb'), calls('sqs'), calls('s3')];
  const handled = ['ingest', 'consumer', 'projector'].includes(name) ? events : 0;
  const cpuMs =
    countOf(tally, `invoke ${name}`) * cpuMsPerInvocation +
    (dynamodb + sqs + s3) * cpuMsPerCall +
    handled * cpuMsPerEvent;
  const waitMs =
    dynamodb * assumptions.waitMsPerDynamodbCall +
    sqs * assumptions.waitMsPerSqsCall +
    s3 * assumptions.waitMsPerS3Call;
  const durationMs = cpuMs * Math.max(1, mbPerCore / memoryMb) + waitMs;
  return (durationMs / MS_PER_SECOND) * (memoryMb / MB_PER_GB);
}
