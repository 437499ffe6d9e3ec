import { z } from 'zod';
import { StackError } from '../stack-error.ts';
import type { Identity } from '../template/intrinsics.ts';
import type { JsonObject } from '../template/json.ts';
import type { Host } from './host.ts';

/** Where a resource was declared. */
export interface Place {
  readonly stack: string;
  readonly logicalId: string;
}

/** One CloudFormation resource type that the embedded stack runs. */
export interface ResourceKind {
  readonly type: string;
  /** Creates it from its resolved properties, and says what references to it give. */
  create(properties: JsonObject, place: Place, host: Host): Promise<Identity>;
}

type Created = { readonly ref: string; readonly attributes?: Readonly<Record<string, string>> };

/**
 * Defines a resource type. Its schema lists every property it knows, those it leaves aside included (`asideFor`): an
 * unknown one is a `StackError`, so that nothing a template declares is skipped in silence.
 */
export function kind<Shape extends z.ZodRawShape>(
  type: string,
  shape: Shape,
  create: (properties: z.infer<z.ZodObject<Shape>>, place: Place, host: Host) => Created | Promise<Created>,
): ResourceKind {
  const schema = z.strictObject(shape);
  return {
    type,
    create: async (properties, place, host) => {
      const parsed = schema.safeParse(properties);
      if (!parsed.success) {
        throw new StackError(
          `${place.logicalId} (${type}) declares what the embedded stack does not run: ${fault(parsed.error)}.`,
        );
      }
      const { ref, attributes = {} } = await create(parsed.data as z.infer<z.ZodObject<Shape>>, place, host);
      return { ref, attribute: (name) => (Object.hasOwn(attributes, name) ? attributes[name] : undefined) };
    },
  };
}

/** A property that is knowingly not acted upon here; the reason is for the reader. */
export function asideFor(_reason: string): z.ZodOptional<z.ZodUnknown> {
  return z.unknown().optional();
}

function fault(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined
    ? 'unknown'
    : [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': ');
}

/** The physical name of a resource that declares none: the same at every start, so that its data is found again. */
export function physicalName({ stack, logicalId }: Place): string {
  return `${stack}-${logicalId}`;
}
