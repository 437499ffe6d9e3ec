import type { Operations } from './types/api.ts';

export type OperationId = keyof Operations;

type FieldOf<Id extends OperationId, Field extends string> =
  Operations[Id] extends Partial<Record<Field, infer Value>> ? Value : never;

/** The JSON an operation takes. */
export type Body<Id extends OperationId> = Operations[Id] extends { body?: infer Value } ? Value : never;
/** The query parameters of an operation. */
export type Query<Id extends OperationId> = FieldOf<Id, 'query'>;
/** What an operation answers, unless it refuses. */
export type Answer<Id extends OperationId> = Operations[Id]['answers'][keyof Operations[Id]['answers']];

/** All that a request of an operation is made of; what the document does not name can't be sent. */
export type Input<Id extends OperationId> = {
  readonly [Field in Exclude<keyof Operations[Id], 'answers'>]: Operations[Id][Field];
};
