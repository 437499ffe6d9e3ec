import type { Method } from './api.ts';

/** The methods that `ANY` stands for (API Gateway Developer Guide, "Set up an HTTP method"). */
const ANY_METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

export interface Match {
  readonly method: Method;
  /** By parameter name, still percent-encoded: REST APIs hand path parameters over as they were sent. */
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

interface Node {
  readonly literals: Map<string, Node>;
  parameter: { name: string; node: Node } | undefined;
  greedy: { name: string; methods: Map<string, Method> } | undefined;
  readonly methods: Map<string, Method>;
}

/**
 * Routes as API Gateway does: a literal segment wins over `{parameter}`, which wins over `{proxy+}`, and within the
 * resource found the exact method wins over ANY. A resource without the method is no match.
 */
export class Router {
  readonly #root = emptyNode();

  constructor(methods: readonly Method[]) {
    for (const method of methods) this.#add(method);
  }

  /** @param path percent-encoded, beginning with a slash, without stage and query */
  match(httpMethod: string, path: string): Match | undefined {
    const found = find(this.#root, path === '/' ? [] : path.slice(1).split('/'), {});
    const method =
      found?.methods.get(httpMethod) ?? (ANY_METHODS.has(httpMethod) ? found?.methods.get('ANY') : undefined);
    if (found === undefined || method === undefined) return undefined;
    const { parameters } = found;
    return { method, pathParameters: Object.keys(parameters).length > 0 ? parameters : null };
  }

  #add(method: Method): void {
    let node = this.#root;
    for (const segment of method.resource.split('/').filter((part) => part !== '')) {
      const name = /^\{(.+?)(\+?)\}$/.exec(segment);
      if (name?.[2] === '+') {
        node.greedy ??= { name: name[1] ?? '', methods: new Map() };
        node.greedy.methods.set(method.httpMethod, method);
        return;
      }
      node = name === null ? literal(node, segment) : parameter(node, name[1] ?? '');
    }
    node.methods.set(method.httpMethod, method);
  }
}

type Found = { readonly methods: ReadonlyMap<string, Method>; readonly parameters: Record<string, string> };

function find(node: Node, segments: readonly string[], parameters: Record<string, string>): Found | undefined {
  const [segment, ...rest] = segments;
  if (segment === undefined) return node.methods.size > 0 ? { methods: node.methods, parameters } : undefined;
  const literalNode = node.literals.get(segment);
  const byLiteral = literalNode && find(literalNode, rest, parameters);
  if (byLiteral !== undefined) return byLiteral;
  if (node.parameter !== undefined && segment !== '') {
    const byParameter = find(node.parameter.node, rest, { ...parameters, [node.parameter.name]: segment });
    if (byParameter !== undefined) return byParameter;
  }
  const remainder = segments.join('/');
  if (node.greedy === undefined || remainder === '') return undefined;
  return { methods: node.greedy.methods, parameters: { ...parameters, [node.greedy.name]: remainder } };
}

function emptyNode(): Node {
  return { literals: new Map(), parameter: undefined, greedy: undefined, methods: new Map() };
}

function literal(node: Node, segment: string): Node {
  const existing = node.literals.get(segment);
  if (existing !== undefined) return existing;
  const created = emptyNode();
  node.literals.set(segment, created);
  return created;
}

function parameter(node: Node, name: string): Node {
  node.parameter ??= { name, node: emptyNode() };
  return node.parameter.node;
}
