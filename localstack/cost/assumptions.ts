/** What the bill rests on and no run here can count; each is printed with it. */
export const assumptions = {
  /** docs/performance.md, a lone event: ingest takes 4.6 ms of a core, of which the SDK has 2.7 for two calls. */
  cpuMsPerInvocation: 1.9,
  cpuMsPerCall: 1.35,
  /** The same: our own code in the consumer, per event; the largest of the three functions'. */
  cpuMsPerEvent: 0.36,
  /** Lambda: "at 1,769 MB, a function has the equivalent of one vCPU", taken to be as fast as that machine's core. */
  mbPerCore: 1_769,
  /** Single-digit milliseconds are what AWS promises of DynamoDB; the calls of an invocation count one after another. */
  waitMsPerDynamodbCall: 8,
  waitMsPerSqsCall: 10,
  waitMsPerS3Call: 40,
  /** Lambda's START, END and REPORT lines, and our metrics in the embedded format or a task's report. */
  logBytesPerInvocation: 1_500,
  /** Of what comes besides the first request in a second. */
  sampledTraces: 0.05,
  /** A line of the API's access log. */
  accessLogBytes: 500,
  /** An answer with its headers. */
  answerBytes: 900,
  answerBytesPerEventOfBatch: 60,
  /** Lambda looks at a quiet queue with so many pollers, each waiting SQS's longest (Lambda Developer Guide; 20 s). */
  pollersPerQueue: 5,
  pollSeconds: 20,
  /** An instance reads each secret once a minute at most (`CachedSecret`); so many serve a stage at a time. */
  instancesPerFunction: 1,
  /** DynamoDB asks for a table's key once in five minutes, for each function that uses the table. */
  tableKeySeconds: 300,
} as const;

export const HOURS_PER_MONTH = 730;

export const assumptionNotes: readonly string[] = [
  `Lambda duration: ${assumptions.cpuMsPerInvocation} ms of CPU an invocation, ${assumptions.cpuMsPerCall} a call, ${assumptions.cpuMsPerEvent} an event (measured, docs/performance.md),`,
  `  stretched by the memory's share of a core, and ${assumptions.waitMsPerDynamodbCall} ms to wait for each DynamoDB call, ${assumptions.waitMsPerSqsCall} SQS, ${assumptions.waitMsPerS3Call} S3, one after another (assumed).`,
  `Logs: ${assumptions.logBytesPerInvocation} bytes an invocation. Answers: ${assumptions.answerBytes} bytes and ${assumptions.answerBytesPerEventOfBatch} for each further event.`,
  `Quiet queues: ${assumptions.pollersPerQueue} pollers that wait ${assumptions.pollSeconds} s each. Table keys and secrets: cached ${assumptions.tableKeySeconds} and 60 s.`,
  'Not in it: reading balances and statements, CloudWatch console use, firewall, tax.',
];
