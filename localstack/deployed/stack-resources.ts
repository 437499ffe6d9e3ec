import {
  CloudFormationClient,
  paginateDescribeStacks,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CREDENTIALS, REGION } from './endpoint.ts';

export interface StackResource {
  readonly logicalId: string;
  /** The name, URL or ARN by which its service knows it. */
  readonly physicalId: string;
  readonly type: string;
}

/** Everything that CloudFormation has made for the stacks that `owns` picks by their names. */
export async function stackResources(endpoint: string, owns: (stackName: string) => boolean): Promise<StackResource[]> {
  const client = new CloudFormationClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const resources: StackResource[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    for (const { StackName = '' } of Stacks.filter((stack) => owns(stack.StackName ?? ''))) {
      for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName })) {
        for (const { LogicalResourceId, PhysicalResourceId, ResourceType } of StackResourceSummaries) {
          if (LogicalResourceId === undefined || PhysicalResourceId === undefined || ResourceType === undefined)
            continue;
          resources.push({ logicalId: LogicalResourceId, physicalId: PhysicalResourceId, type: ResourceType });
        }
      }
    }
  }
  client.destroy();
  return resources;
}
