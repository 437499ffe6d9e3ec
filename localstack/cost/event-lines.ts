import { assumptions, HOURS_PER_MONTH } from './assumptions.ts';
import type { Line } from './bill.ts';
import type { CountedEvents } from './counted-sample.ts';
import { countOf, scaled, type Tally, tablesIn } from './tally.ts';
import type { TemplateFacts } from './template-facts.ts';
import { gigabytes, line, storageLines, usageLines } from './usage-lines.ts';

const MINUTES_PER_MONTH = HOURS_PER_MONTH * 60;

/** What a month's events cost, evenly spread over it, beside what the stage costs anyway. */
export function eventLines(counted: CountedEvents, events: number, facts: TemplateFacts): Line[] {
  const memoryMb = (name: string) => facts.memoryMb.get(name) ?? 0;
  const requests = events * counted.requestsPerEvent;
  const of = (group: string, tally: Tally, handled = 0) =>
    usageLines({ group, tally: scaled(tally, events), memoryMb, events: handled });
  const invocations = countOf(counted.way, 'invoke ingest') * events;
  // An instance asks for a secret once a minute at most, and not at all in a minute without a request.
  const secretReads = Math.min(requests, MINUTES_PER_MONTH * assumptions.instancesPerFunction);
  const answerBytes = requests * assumptions.answerBytes + (events - requests) * assumptions.answerBytesPerEventOfBatch;
  // Of a month's events half are there on average, whenever everything is verified.
  const verifications = (facts.runsPerMonth.get('verify-all') ?? 0) / 2;
  return [
    line('request', 'requests', requests, 'apiRequest'),
    line('request', 'answers', gigabytes(answerBytes), 'transferOut'),
    line('request', 'access log', gigabytes(requests * assumptions.accessLogBytes), 'logIngestion'),
    line('request', 'token secret read', secretReads, 'secretRead'),
    ...of('accept, post, count', counted.way, events),
    line('accept, post, count', 'custom metrics', counted.metrics, 'customMetric'),
    line('accept, post, count', 'keys asked for', keyRequests(counted, requests, facts), 'keyRequest'),
    line('accept, post, count', 'traces', facts.isTraced ? tracesOf(invocations) : 0, 'trace'),
    ...of('sweep looks once', counted.swept),
    ...of('verified when new', counted.verifiedNew),
    ...usageLines({ group: 'verified again', tally: scaled(counted.verifiedAgain, events * verifications), memoryMb }),
    ...storageLines(
      'stored at the month’s end',
      new Map([...counted.storedBytes].map(([name, bytes]) => [name, bytes * events])),
    ),
  ];
}

/** What is billed by the minute or hour, however many requests come in it: tables' keys, and the usage queue's data keys. */
function keyRequests({ way }: CountedEvents, requests: number, facts: TemplateFacts): number {
  const table = facts.hasKeyedTables ? tablesIn(way) * everySeconds(assumptions.tableKeySeconds, requests) : 0;
  // Sent, received and deleted under it: each by a principal of its own.
  const queue = facts.queueKeySeconds === undefined ? 0 : 3 * everySeconds(facts.queueKeySeconds, requests);
  return table + queue;
}

/** X-Ray Developer Guide, default sampling rule: the first request each second, and one in twenty of the others. */
function tracesOf(requests: number): number {
  const first = everySeconds(1, requests);
  return first + (requests - first) * assumptions.sampledTraces;
}

function everySeconds(seconds: number, requests: number): number {
  return Math.min(requests, (HOURS_PER_MONTH * 3_600) / seconds);
}

/** What each further month costs for events that are already there: they are kept, and verified again. */
export function historyLines(counted: CountedEvents, events: number, facts: TemplateFacts): Line[] {
  const memoryMb = (name: string) => facts.memoryMb.get(name) ?? 0;
  const tally = scaled(counted.verifiedAgain, events * (facts.runsPerMonth.get('verify-all') ?? 0));
  return [
    ...usageLines({ group: 'verified again', tally, memoryMb }),
    ...storageLines('stored', new Map([...counted.storedBytes].map(([name, bytes]) => [name, bytes * events]))),
  ];
}
