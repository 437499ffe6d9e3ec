import type { Context } from 'aws-lambda';

/** What an invocation is told of itself: our functions ask for its id and the time they have left. */
export function contextOf(requestId: string, remainingMs: () => number): Context {
  const unused = () => {
    throw new Error('No function of ours answers through its context.');
  };
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'simulated',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:simulated',
    memoryLimitInMB: '512',
    awsRequestId: requestId,
    logGroupName: 'simulated',
    logStreamName: 'simulated',
    getRemainingTimeInMillis: remainingMs,
    done: unused,
    fail: unused,
    succeed: unused,
  };
}
