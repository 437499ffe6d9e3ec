import { type Access, UnreadableRequest } from './access.ts';
import { denialOf, type Policies } from './decision.ts';
import type { Place } from './dynamodb-request.ts';
import { encryptedResource, keyAccess } from './key-access.ts';
import type { PolicyBook } from './policy-book.ts';
import type { Statement } from './statement.ts';

/** Who sends a request: a function under its role. */
export interface Caller {
  /** The session of the role, as AWS names it in its messages. */
  readonly arn: string;
  readonly policies: Policies;
}

/** A request that is denied, and AWS's sentence for it. */
export interface Refusal {
  readonly access: Access;
  readonly message: string;
  /** The key that the resource is encrypted under is what may not be used. */
  readonly isAboutKey: boolean;
}

interface Facts {
  readonly region: string;
  readonly accountId: string;
  readonly book: PolicyBook;
}

/** Decides what functions may do, once everything is declared. */
export class Judge implements Place {
  readonly #facts: Facts;
  readonly #resourceStatements: readonly Statement[];

  /** Throws a `StackError` for a policy of a bucket or queue that cannot be understood. */
  constructor(facts: Facts) {
    this.#facts = facts;
    this.#resourceStatements = facts.book.resourceStatements();
  }

  /** A function as a caller. Throws a `StackError` for a role whose policies cannot be understood. */
  caller(roleArn: string, functionName: string): Caller {
    const { accountId, book } = this.#facts;
    const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    return {
      arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${functionName}`,
      policies: { identity: book.statementsOf(roleArn), resource: this.#resourceStatements },
    };
  }

  /** The first thing of a request that its caller may not do; undefined when it may do all of it. */
  refusalOf(caller: Caller, accesses: readonly Access[]): Refusal | undefined {
    for (const access of accesses) {
      const denial = denialOf(access, caller.policies);
      if (denial !== undefined) return { access, message: sentence(caller, access, denial), isAboutKey: false };
      const key = this.#facts.book.keyOf(encryptedResource(access));
      if (key === undefined) continue;
      for (const use of keyAccess(access, key, this.#facts.region)) {
        const keyDenial = denialOf(use, caller.policies);
        if (keyDenial !== undefined)
          return { access: use, message: sentence(caller, use, keyDenial), isAboutKey: true };
      }
    }
    return undefined;
  }

  keysOf(table: string) {
    const keys = this.#facts.book.keysOf(tableName(table));
    if (keys === undefined) throw new UnreadableRequest(`there is no table ${JSON.stringify(table)}`);
    return keys;
  }

  tableArn(table: string, index?: string): string {
    const { region, accountId } = this.#facts;
    const arn = table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${accountId}:table/${table}`;
    return index === undefined ? arn : `${arn}/index/${index}`;
  }

  queueArn(name: string): string {
    const { region, accountId } = this.#facts;
    return `arn:aws:sqs:${region}:${accountId}:${name}`;
  }
}

/** A request may name a table by its ARN. */
function tableName(table: string): string {
  return table.slice(table.lastIndexOf('/') + 1);
}

/** IAM User Guide, "Troubleshoot access denied error messages". SQS writes its actions in lower case, S3 its ARNs in quotes. */
function sentence({ arn }: Caller, { action, resource }: Access, denial: string): string {
  const service = action.split(':')[0];
  const named = service === 'sqs' ? action.toLowerCase() : action;
  const said = service === 's3' ? JSON.stringify(resource) : resource;
  return `User: ${arn} is not authorized to perform: ${named} on resource: ${said} ${denial.replace(action, named)}`;
}
