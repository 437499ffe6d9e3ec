import type { ApiDocument, ApiOperation } from '../../../lambdas/docs/api-document.ts';
import type { Access } from '../../../lambdas/docs/operation.ts';

/** Where a request goes by the document. */
export interface Place {
  readonly path: string;
  /** The methods that the document has for this path. */
  readonly methods: readonly string[];
  /** Undefined: another method than those. */
  readonly operation: ApiOperation | undefined;
  /** False: the path has empty segments, which a server may or may not leave out. */
  readonly isTidy: boolean;
}

/** An operation and where it is. */
export interface DocumentedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: ApiOperation;
  readonly access: Access;
}

/** What the document says there is. */
export class Surface {
  readonly document: ApiDocument;
  readonly operations: readonly DocumentedOperation[];
  readonly #stagePrefix: string;

  constructor(document: ApiDocument, stage = 'local') {
    this.document = document;
    this.#stagePrefix = stage;
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...{ method: method.toUpperCase(), path, operation },
        access: accessOf(operation),
      })),
    );
  }

  /** Undefined: the document has no such path. */
  place(method: string, target: string): Place | undefined {
    const segments = this.segmentsOf(target);
    const tidy = segments.filter((segment) => segment !== '');
    const path = Object.keys(this.document.paths)
      .filter((pattern) => fits(pattern.split('/').slice(1), tidy))
      // What is spelled out wins over a parameter.
      .sort((left, right) => parametersIn(left) - parametersIn(right))[0];
    const methods = path === undefined ? undefined : this.document.paths[path];
    if (path === undefined || methods === undefined) return undefined;
    return {
      path,
      methods: Object.keys(methods).map((name) => name.toUpperCase()),
      operation: method === method.toUpperCase() ? methods[method.toLowerCase()] : undefined,
      isTidy: tidy.length === segments.length,
    };
  }

  /** The path's segments as sent, without origin, stage and query. */
  segmentsOf(target: string): string[] {
    const [path = ''] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?');
    const segments = path.split('/').slice(1);
    return segments[0] === this.#stagePrefix ? segments.slice(1) : segments;
  }

  accessAt({ operation }: Place): Access {
    return operation === undefined ? 'public' : accessOf(operation);
  }
}

function accessOf({ security }: ApiOperation): Access {
  const schemes = security.flatMap((one) => Object.keys(one));
  if (schemes.includes('tenantToken')) return 'tenant';
  if (schemes.includes('adminToken')) return 'admin';
  return schemes.includes('webhookKeyId') ? 'webhook' : 'public';
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length && pattern.every((part, at) => part.startsWith('{') || part === segments[at])
  );
}

function parametersIn(path: string): number {
  return path.split('{').length;
}
