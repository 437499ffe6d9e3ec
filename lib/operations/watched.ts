import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Api } from '../api.ts';
import type { DataStack } from '../data-stack.ts';
import type { Functions } from '../functions.ts';
import type { MessageQueue } from '../message-queue.ts';
import type { Stage } from '../stage.ts';

/** All that alarms and dashboards look at. */
export interface Watched {
  readonly stage: Stage;
  readonly functions: Functions['all'];
  readonly tables: Pick<
    DataStack,
    'usageIntake' | 'adjustmentIntake' | 'ledger' | 'balances' | 'usage' | 'config' | 'operations' | 'rateLimits'
  >;
  readonly queues: {
    readonly usage: MessageQueue;
    readonly adjustments: MessageQueue;
    readonly reconcileRuns: MessageQueue;
    readonly streamFailures: IQueue;
  };
  readonly api: { readonly name: string; readonly stageName: string };
}

export function watch(stage: Stage, data: DataStack, service: { functions: Functions['all']; api: Api }): Watched {
  const { usageQueue, adjustmentQueue, reconcileQueue, streamFailures } = data;
  return {
    stage,
    functions: service.functions,
    tables: data,
    queues: {
      ...{ usage: usageQueue, adjustments: adjustmentQueue, reconcileRuns: reconcileQueue },
      streamFailures,
    },
    api: { name: service.api.rest.restApiName, stageName: stage.name },
  };
}
