import { z } from 'zod';
import { StackError } from '../stack-error.ts';
import { isObject, type Json } from '../template/json.ts';
import type { Access } from './access.ts';
import { type Condition, readCondition } from './conditions.ts';
import { matches } from './wildcard.ts';

/** One statement of a policy, ready to be asked. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Whether it is about this action at all. */
  covers(action: string): boolean;
  /** Whether it holds for this request of an action that it covers. */
  applies(access: Access): boolean;
}

/** Services whose requests are checked here; statements about others alone need not be understood. */
const CHECKED_SERVICES = ['dynamodb', 'sqs', 's3', 'kms'];

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const json = z.custom<Json>((value) => value !== undefined);

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Resource: texts,
  Condition: json.optional(),
});

const resourceStatementSchema = statementSchema.extend({ Principal: json });

const headSchema = z.object({ Action: texts });

const documentSchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Id: z.string().optional(),
  Statement: z.array(z.unknown()),
});

/**
 * Reads a policy that a role carries. Throws a `StackError` for anything in it whose meaning is not known here, such as
 * `NotAction`, unless it is about services that are not checked.
 */
export function readPolicy(document: Json, place: string): Statement[] {
  return statementsOf(document, place).map((statement) => compile(parse(statementSchema, statement, place), place));
}

/**
 * Reads a policy that a bucket or queue carries. Statements about AWS's services are left out, for no function is one; of
 * others only those about everybody are understood. Throws as `readPolicy` does.
 */
export function readResourcePolicy(document: Json, place: string): Statement[] {
  return statementsOf(document, place).flatMap((statement) => {
    const { Principal, ...rest } = parse(resourceStatementSchema, statement, place);
    if (isService(Principal)) return [];
    if (!isEverybody(Principal)) throw notUnderstood(place, `the principal ${JSON.stringify(Principal)}`);
    return [compile(rest, place)];
  });
}

function statementsOf(document: Json, place: string): unknown[] {
  const { Statement } = parse(documentSchema, document, place);
  return Statement.filter((statement) => {
    const head = headSchema.safeParse(statement);
    return !head.success || head.data.Action.some(isChecked);
  });
}

function isChecked(action: string): boolean {
  return action === '*' || CHECKED_SERVICES.includes(action.split(':')[0]?.toLowerCase() ?? '');
}

function compile(statement: z.infer<typeof statementSchema>, place: string): Statement {
  const actions = statement.Action.map((action) => action.toLowerCase());
  const resources = statement.Resource;
  const variable = resources.find((resource) => resource.includes('${'));
  if (variable !== undefined) throw notUnderstood(place, `the policy variable in ${variable}`);
  const condition: Condition = readCondition(statement.Condition, place);
  return {
    effect: statement.Effect,
    covers: (action) => actions.some((pattern) => matches(pattern, action.toLowerCase())),
    applies: ({ resource, context }) => resources.some((pattern) => matches(pattern, resource)) && condition(context),
  };
}

function isService(principal: Json): boolean {
  return isObject(principal) && Object.keys(principal).join() === 'Service';
}

function isEverybody(principal: Json): boolean {
  return principal === '*' || JSON.stringify(principal) === '{"AWS":"*"}';
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw notUnderstood(place, [issue?.path.join('.'), issue?.message].filter((part) => part).join(': '));
}

function notUnderstood(place: string, what: string): StackError {
  return new StackError(
    `${place} says what the embedded stack cannot check (${what}): teach localstack/embedded/authority, or unset ZEROSUM_ENFORCE_IAM.`,
  );
}
