import type { FunctionPool } from '../functions/pool.ts';
import { StackError } from '../stack-error.ts';
import type { GatewayResponse } from './gateway-responses.ts';

/** A REST API as its resources declare it, gathered piece by piece. */
export class Api {
  readonly id: string;
  readonly binaryMediaTypes: readonly string[];
  readonly gatewayResponses = new Map<string, GatewayResponse>();
  stageName: string | undefined;
  readonly #paths = new Map<string, string>();
  readonly #methods: Method[] = [];

  constructor(id: string, binaryMediaTypes: readonly string[]) {
    this.id = id;
    this.binaryMediaTypes = binaryMediaTypes;
    this.#paths.set(this.rootResourceId, '');
  }

  get rootResourceId(): string {
    return `${this.id}-root`;
  }

  /** @param parentId the resource this one continues, `part` its own path segment as declared */
  addResource(resourceId: string, parentId: string, part: string): void {
    this.#paths.set(resourceId, `${this.#pathOf(parentId)}/${part}`);
  }

  /** @param httpMethod a method, or ANY */
  addMethod(resourceId: string, httpMethod: string, pool: FunctionPool): void {
    this.#methods.push({ resource: this.#pathOf(resourceId) || '/', httpMethod, pool });
  }

  get methods(): readonly Method[] {
    return this.#methods;
  }

  #pathOf(resourceId: string): string {
    const path = this.#paths.get(resourceId);
    if (path === undefined)
      throw new StackError(`A route of the API hangs on ${resourceId}, which is no resource of it.`);
    return path;
  }
}

/** One route: a resource path such as `/events/{event_id}`, and the function that answers it. */
export interface Method {
  readonly resource: string;
  readonly httpMethod: string;
  readonly pool: FunctionPool;
}

/** Finds the one API of a stack: it answers on one port. */
export class ApiRegistry {
  #api: Api | undefined;

  add(api: Api): void {
    if (this.#api !== undefined)
      throw new StackError('The template declares two REST APIs; the embedded stack runs one.');
    this.#api = api;
  }

  get only(): Api {
    if (this.#api === undefined)
      throw new StackError('The template declares no REST API, so there is nothing to serve.');
    return this.#api;
  }
}
