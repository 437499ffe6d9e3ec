import { textOf } from '../embedded/bucket/xml.ts';
import { queryService } from './api.ts';

const VERSION = '2010-05-15';

export interface StackResource {
  readonly logicalId: string;
  /** The name, URL or ARN by which its service knows it. */
  readonly physicalId: string;
  readonly type: string;
}

/** Everything that CloudFormation has made for a stack. */
export async function stackResources(endpoint: string, stackName: string): Promise<StackResource[]> {
  const resources: StackResource[] = [];
  let cursor: string | undefined;
  do {
    const xml = await queryService(endpoint, 'cloudformation', {
      Action: 'ListStackResources',
      Version: VERSION,
      StackName: stackName,
      ...(cursor !== undefined && { NextToken: cursor }),
    });
    for (const [, member = ''] of xml.matchAll(/<member>(.*?)<\/member>/gs)) {
      const [logicalId, physicalId, type] = ['LogicalResourceId', 'PhysicalResourceId', 'ResourceType'].map((name) =>
        textOf(member, name),
      );
      if (logicalId && physicalId && type) resources.push({ logicalId, physicalId, type });
    }
    cursor = textOf(xml, 'NextToken') || undefined;
  } while (cursor !== undefined);
  return resources;
}

/** The names of the stacks there are, less those that are deleted. */
export async function stackNames(endpoint: string): Promise<string[]> {
  const xml = await queryService(endpoint, 'cloudformation', { Action: 'DescribeStacks', Version: VERSION });
  return [...xml.matchAll(/<StackName>([^<]*)<\/StackName>/g)].map(([, name = '']) => name);
}
