import { StackError } from '../stack-error.ts';
import type { Assembly } from '../template/assembly.ts';
import { buildGraph, creationOrder, type Declaration, key, type ResourceGraph } from '../template/graph.ts';
import { type Identity, resolve, resolveObject, type Scope } from '../template/intrinsics.ts';
import type { Json } from '../template/json.ts';
import { apiGatewayResponse } from './api-gateway-response.ts';
import { apiMethod } from './api-method.ts';
import { apiResource } from './api-resource.ts';
import { apiStage } from './api-stage.ts';
import { bucket } from './bucket.ts';
import { bucketPolicy } from './bucket-policy.ts';
import { eventSourceMapping } from './event-source-mapping.ts';
import { eventsRule } from './events-rule.ts';
import { lambdaFunction } from './function.ts';
import type { Host } from './host.ts';
import { iamManagedPolicy } from './iam-managed-policy.ts';
import { iamPolicy } from './iam-policy.ts';
import { iamRole } from './iam-role.ts';
import { ignoredIdentity, ignoredTypes } from './ignored.ts';
import type { ResourceKind } from './kind.ts';
import { queue } from './queue.ts';
import { queuePolicy } from './queue-policy.ts';
import { restApi } from './rest-api.ts';
import { table } from './table.ts';

/** Every resource type that is run; to run another, define its kind in a file of its own and add it here. */
const kinds: readonly ResourceKind[] = [
  apiGatewayResponse,
  apiMethod,
  apiResource,
  apiStage,
  bucket,
  bucketPolicy,
  eventSourceMapping,
  eventsRule,
  iamManagedPolicy,
  iamPolicy,
  iamRole,
  lambdaFunction,
  queue,
  queuePolicy,
  restApi,
  table,
];

const kindsByType: ReadonlyMap<string, ResourceKind> = new Map(kinds.map((kind) => [kind.type, kind]));

/** The resources of an assembly in the order of creation. Throws a `StackError` naming a type that is not known. */
export function plan(assembly: Assembly): { graph: ResourceGraph; order: readonly Declaration[] } {
  const graph = buildGraph(assembly.templates, ignoredTypes);
  for (const { type, logicalId, stack } of graph.declarations.values()) {
    if (!kindsByType.has(type) && !ignoredTypes.has(type)) {
      throw new StackError(
        `${logicalId} in ${stack} is a ${type}, which the embedded stack neither runs nor knows to ignore.`,
      );
    }
  }
  return { graph, order: creationOrder(graph, ignoredTypes) };
}

/** Creates every resource of the plan on `host`, each after those it refers to. */
export async function createResources({ graph, order }: ReturnType<typeof plan>, host: Host): Promise<void> {
  const identities = new Map<string, Identity>();
  const logicalIds = new Set<string>();
  for (const declaration of order) {
    const { type, stack, logicalId } = declaration;
    const kind = kindsByType.get(type);
    if (kind === undefined) {
      identities.set(key(stack, logicalId), ignoredIdentity(type, declaration, host));
      continue;
    }
    if (logicalIds.has(logicalId))
      throw new StackError(`Two stacks declare ${logicalId}: rename one, for tools go by it.`);
    logicalIds.add(logicalId);
    const properties = resolveObject(declaration.properties, scopeOf(stack, graph, identities, host));
    identities.set(key(stack, logicalId), await kind.create(properties, declaration, host));
  }
}

function scopeOf(stackName: string, graph: ResourceGraph, identities: Map<string, Identity>, host: Host): Scope {
  return {
    stackName,
    region: host.region,
    accountId: host.accountId,
    identity: (logicalId) => identities.get(key(stackName, logicalId)),
    parameter: (name) => graph.parameters.get(key(stackName, name)),
    exported: (name): Json | undefined => {
      const exported = graph.exports.get(name);
      return exported && resolve(exported.value, scopeOf(exported.stack, graph, identities, host));
    },
  };
}
