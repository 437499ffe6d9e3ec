import { StackError } from '../stack-error.ts';
import { attributePath } from './graph.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/** What references to a created resource give: `Ref`, and `Fn::GetAtt` by attribute name. */
export interface Identity {
  readonly ref: string;
  attribute(name: string): string | undefined;
}

/** What the expressions of one stack's template can see. */
export interface Scope {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  identity(logicalId: string): Identity | undefined;
  parameter(name: string): Json | undefined;
  exported(name: string): Json | undefined;
}

type Intrinsic = (argument: Json, scope: Scope) => Json | undefined;

/** The intrinsic functions understood (CloudFormation Template Reference, "Intrinsic functions"). */
const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => ref(text(argument, 'Ref'), scope),
  'Fn::GetAtt': (argument, scope) => getAtt(...attributePath(argument), scope),
  'Fn::Join': (argument, scope) => {
    const [separator, items] = list(argument, 'Fn::Join', scope);
    return list(items ?? [], 'Fn::Join', scope)
      .map((item) => text(item, 'Fn::Join'))
      .join(text(separator, 'Fn::Join'));
  },
  'Fn::Sub': sub,
  'Fn::Select': (argument, scope) => {
    const [index, items] = list(argument, 'Fn::Select', scope);
    const item = list(items ?? [], 'Fn::Select', scope)[Number(index)];
    if (item === undefined) throw new StackError(`Fn::Select in ${scope.stackName} asks for an item its list lacks.`);
    return item;
  },
  'Fn::Split': (argument, scope) => {
    const [separator, whole] = list(argument, 'Fn::Split', scope);
    return text(whole, 'Fn::Split').split(text(separator, 'Fn::Split'));
  },
  'Fn::ImportValue': (argument, scope) => {
    const name = text(resolve(argument, scope), 'Fn::ImportValue');
    const value = scope.exported(name);
    if (value === undefined) throw new StackError(`${scope.stackName} imports ${name}, which no stack exports.`);
    return value;
  },
};

/**
 * A template value with every intrinsic function replaced by what it stands for; undefined for `AWS::NoValue`, which
 * removes the property it is the value of. Throws a `StackError` naming an intrinsic or reference it does not know.
 */
export function resolve(value: Json, scope: Scope): Json | undefined {
  if (Array.isArray(value)) {
    return value.map((item: Json) => resolve(item, scope)).filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined && argument !== undefined) {
    if (Object.hasOwn(intrinsics, name)) return intrinsics[name]?.(argument, scope);
    if (/^(Fn::|Condition$)/.test(name)) {
      throw new StackError(`${name} in ${scope.stackName} is an intrinsic function the embedded stack does not know.`);
    }
  }
  return resolveObject(value, scope);
}

/** `resolve` for an object that is no intrinsic function itself, such as a resource's properties. */
export function resolveObject(value: JsonObject, scope: Scope): JsonObject {
  const resolved = Object.entries(value).flatMap(([name, item]) => {
    const result = resolve(item, scope);
    return result === undefined ? [] : [[name, result] as const];
  });
  return Object.fromEntries(resolved);
}

function ref(name: string, scope: Scope): Json | undefined {
  switch (name) {
    case 'AWS::NoValue':
      return undefined;
    case 'AWS::Region':
      return scope.region;
    case 'AWS::AccountId':
      return scope.accountId;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return scope.stackName;
    default: {
      const value = scope.identity(name)?.ref ?? scope.parameter(name);
      if (value === undefined) throw new StackError(`${scope.stackName} refers to ${name}, which it does not declare.`);
      return value;
    }
  }
}

function getAtt(logicalId: string, attribute: string, scope: Scope): string {
  const value = scope.identity(logicalId)?.attribute(attribute);
  if (value !== undefined) return value;
  throw new StackError(`${scope.stackName} asks for ${logicalId}.${attribute}, which the embedded stack cannot give.`);
}

function sub(argument: Json, scope: Scope): string {
  const [template, values] = Array.isArray(argument) ? argument : [argument, {}];
  const own = resolveObject(isObject(values) ? values : {}, scope);
  return text(template, 'Fn::Sub').replaceAll(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (Object.hasOwn(own, name)) return text(own[name], 'Fn::Sub');
    const [logicalId, ...attribute] = name.split('.');
    if (attribute.length > 0) return getAtt(logicalId ?? '', attribute.join('.'), scope);
    return text(ref(name, scope), 'Fn::Sub');
  });
}

function list(value: Json, intrinsic: string, scope: Scope): readonly Json[] {
  const resolved = resolve(value, scope);
  if (Array.isArray(resolved)) return resolved;
  throw new StackError(`${intrinsic} in ${scope.stackName} is given something other than a list.`);
}

function text(value: Json | undefined, intrinsic: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new StackError(`${intrinsic} in a template is given something other than text.`);
}
