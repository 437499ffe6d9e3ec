/** What an update deployment changes: in the stack with the data, in the functions, and in a trigger. */
export const CHANGED = { consumerTimeoutSeconds: 20, requestsPerWindow: 9_999, sweepEveryMinutes: 7 } as const;
