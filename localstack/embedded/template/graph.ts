import { StackError } from '../stack-error.ts';
import type { Template } from './assembly.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/** One resource as a template declares it, nothing resolved. */
export interface Declaration {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly dependsOn: readonly string[];
}

/** All stacks of an assembly as one graph. */
export interface ResourceGraph {
  /** By `key`. */
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** By export name. */
  readonly exports: ReadonlyMap<string, { readonly stack: string; readonly value: Json }>;
  /** Defaults of the parameters, by `key`. */
  readonly parameters: ReadonlyMap<string, Json>;
}

/** A resource's or parameter's place in the graph: logical ids are unique within their stack only. */
export function key(stack: string, logicalId: string): string {
  return `${stack}/${logicalId}`;
}

/** Merges the templates. Throws a `StackError` for a conditional resource or an export whose name is computed. */
export function buildGraph(
  templates: ReadonlyMap<string, Template>,
  ignored: ReadonlyMap<string, string>,
): ResourceGraph {
  const declarations = new Map<string, Declaration>();
  const exports = new Map<string, { stack: string; value: Json }>();
  const parameters = new Map<string, Json>();
  for (const [stack, template] of templates) {
    for (const [logicalId, resource] of Object.entries(template.Resources ?? {})) {
      if (resource.Condition !== undefined && !ignored.has(resource.Type)) {
        throw new StackError(
          `${logicalId} in ${stack} depends on a Condition, which the embedded stack does not evaluate.`,
        );
      }
      declarations.set(key(stack, logicalId), {
        stack,
        logicalId,
        type: resource.Type,
        properties: resource.Properties ?? {},
        dependsOn: [resource.DependsOn ?? []].flat(),
      });
    }
    for (const [name, parameter] of Object.entries(template.Parameters ?? {})) {
      if (parameter.Default !== undefined) parameters.set(key(stack, name), parameter.Default as Json);
    }
    for (const [name, output] of Object.entries(template.Outputs ?? {})) {
      if (output.Export === undefined) continue;
      if (typeof output.Export.Name !== 'string') {
        throw new StackError(`The output ${name} of ${stack} is exported under a computed name: give it a plain one.`);
      }
      exports.set(output.Export.Name, { stack, value: output.Value as Json });
    }
  }
  return { declarations, exports, parameters };
}

/**
 * The resources in an order in which everything comes after what it refers to, as CloudFormation creates them. The
 * properties of ignored types are not looked at. Throws a `StackError` for a circle.
 */
export function creationOrder(graph: ResourceGraph, ignored: ReadonlyMap<string, string>): Declaration[] {
  const order: Declaration[] = [];
  const state = new Map<string, 'visiting' | 'done'>();
  const visit = (at: string) => {
    const declaration = graph.declarations.get(at);
    if (declaration === undefined || state.get(at) === 'done') return;
    if (state.get(at) === 'visiting') {
      throw new StackError(`${declaration.logicalId} in ${declaration.stack} refers to itself in a circle.`);
    }
    state.set(at, 'visiting');
    if (!ignored.has(declaration.type)) for (const reference of referencesOf(declaration, graph)) visit(reference);
    state.set(at, 'done');
    order.push(declaration);
  };
  for (const at of graph.declarations.keys()) visit(at);
  return order;
}

function referencesOf({ stack, properties, dependsOn }: Declaration, graph: ResourceGraph): string[] {
  return [...dependsOn.map((id) => key(stack, id)), ...references(properties, stack, graph)];
}

function references(value: Json, stack: string, graph: ResourceGraph): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => references(item, stack, graph));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, argument]) => {
    if (name === 'Ref' && typeof argument === 'string') return [key(stack, argument)];
    if (name === 'Fn::GetAtt') return [key(stack, attributePath(argument)[0])];
    if (name === 'Fn::Sub') return subReferences(argument, stack, graph);
    if (name === 'Fn::ImportValue' && typeof argument === 'string') {
      const exported = graph.exports.get(argument);
      return exported === undefined ? [] : references(exported.value, exported.stack, graph);
    }
    return references(argument, stack, graph);
  });
}

function subReferences(argument: Json, stack: string, graph: ResourceGraph): string[] {
  const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
  const names = [...String(text).matchAll(/\$\{([^!}]+)\}/g)].map((match) =>
    key(stack, (match[1] ?? '').split('.')[0] ?? ''),
  );
  return [...names, ...references(values ?? {}, stack, graph)];
}

/** The two halves of a `Fn::GetAtt`, which is a list or, in YAML's manner, a dotted string. */
export function attributePath(argument: Json): readonly [logicalId: string, attribute: string] {
  const parts =
    typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument.map(String) : [];
  return [parts[0] ?? '', parts.slice(1).join('.')];
}
