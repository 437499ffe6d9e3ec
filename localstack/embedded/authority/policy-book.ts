import { StackError } from '../stack-error.ts';
import type { Json } from '../template/json.ts';
import { readManagedPolicy } from './managed-policies.ts';
import { readPolicy, readResourcePolicy, type Statement } from './statement.ts';

/** A policy as the template declares it, intrinsic functions resolved. */
interface Document {
  /** Where it was declared, for messages. */
  readonly place: string;
  readonly json: Json;
}

export interface TableKeys {
  readonly partitionKey: string;
  /** Partition keys of its indexes, by index name. */
  readonly indexes: Readonly<Record<string, string>>;
}

type KeySchema = readonly { readonly AttributeName: string; readonly KeyType: string }[];

/** Everything a template says of who may do what, as its resources declare it one by one. */
export class PolicyBook {
  readonly #roles = new Map<string, { readonly documents: Document[]; readonly managedArns: string[] }>();
  readonly #managed = new Map<string, Document>();
  readonly #resourcePolicies: Document[] = [];
  readonly #tables = new Map<string, TableKeys>();
  readonly #keys = new Map<string, string>();

  addTable(name: string, schema: KeySchema, indexes: readonly { IndexName: string; KeySchema: KeySchema }[]): void {
    this.#tables.set(name, {
      partitionKey: partitionKey(schema),
      indexes: Object.fromEntries(indexes.map(({ IndexName, KeySchema }) => [IndexName, partitionKey(KeySchema)])),
    });
  }

  keysOf(table: string): TableKeys | undefined {
    return this.#tables.get(table);
  }

  /** @param key the customer's key; undefined, or an alias of AWS's own, where nobody needs a grant for it */
  encrypt(resourceArn: string, key: string | undefined): void {
    if (key !== undefined && !key.startsWith('alias/aws/')) this.#keys.set(resourceArn, key);
  }

  /** The customer's key that a table, queue or bucket is encrypted under. */
  keyOf(resourceArn: string): string | undefined {
    return this.#keys.get(resourceArn);
  }

  addRole(arn: string, documents: readonly Document[], managedArns: readonly string[]): void {
    this.#roles.set(arn, { documents: [...documents], managedArns: [...managedArns] });
  }

  addManagedPolicy(arn: string, document: Document): void {
    this.#managed.set(arn, document);
  }

  /** A policy of its own that names the roles it is for, by their names. */
  attach(roleNames: readonly string[], document: Document): void {
    for (const name of roleNames) this.#named(name, document.place).documents.push(document);
  }

  attachManaged(roleNames: readonly string[], arn: string, place: string): void {
    for (const name of roleNames) this.#named(name, place).managedArns.push(arn);
  }

  addResourcePolicy(document: Document): void {
    this.#resourcePolicies.push(document);
  }

  /** Every statement of a role. Throws a `StackError` where one cannot be understood, or the role is not declared. */
  statementsOf(roleArn: string): Statement[] {
    const role = this.#roles.get(roleArn);
    if (role === undefined) throw new StackError(`${roleArn} is the role of a function, but no role of the template.`);
    const own = role.documents.flatMap(({ json, place }) => readPolicy(json, place));
    const managed = role.managedArns.flatMap((arn) => {
      const declared = this.#managed.get(arn);
      return declared === undefined ? readManagedPolicy(arn) : readPolicy(declared.json, declared.place);
    });
    return [...own, ...managed];
  }

  /** Every statement of the buckets' and queues' own policies. */
  resourceStatements(): Statement[] {
    return this.#resourcePolicies.flatMap(({ json, place }) => readResourcePolicy(json, place));
  }

  #named(name: string, place: string) {
    const found = [...this.#roles].find(([arn]) => arn.endsWith(`:role/${name}`));
    if (found === undefined)
      throw new StackError(`${place} is attached to the role ${name}, which no template declares.`);
    return found[1];
  }
}

function partitionKey(schema: KeySchema): string {
  return schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
}
