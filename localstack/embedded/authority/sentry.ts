import type { IncomingHttpHeaders } from 'node:http';
import { StackError } from '../stack-error.ts';
import { type Access, UnreadableRequest } from './access.ts';
import { accessKeyIdOf, type Credentials, newCredentials, showsToken } from './credentials.ts';
import type { Caller, Judge, Refusal } from './judge.ts';

/** What a service says when it denies a request. */
export type Denied = Pick<Refusal, 'message' | 'isAboutKey'>;

/** Every such answer of AWS, whatever is wrong with who asks. */
const INVALID_TOKEN: Denied = { message: 'The security token included in the request is invalid.', isAboutKey: false };

export interface FunctionName {
  readonly logicalId: string;
  /** Its physical name. */
  readonly name: string;
}

interface Enrolment extends FunctionName {
  readonly credentials: Credentials;
  readonly roleArn: string;
  caller?: Caller;
}

/** Knows who calls, asks the judge, and keeps a record of what was denied. */
export class Sentry {
  /** By the id of their keys. */
  readonly #functions = new Map<string, Enrolment>();
  readonly #record: (line: string) => void;
  #judge: Judge | undefined;

  /** @param record told of every request that is denied, in one line */
  constructor(record: (line: string) => void) {
    this.#record = record;
  }

  /** The credentials of a function that is being declared. */
  enrol(name: FunctionName, roleArn: string): Credentials {
    const credentials = newCredentials(name.name);
    this.#functions.set(credentials.accessKeyId, { ...name, credentials, roleArn });
    return credentials;
  }

  /** Begins its work. Throws a `StackError` for a function's role that cannot be understood. */
  obey(judge: Judge): void {
    for (const enrolled of this.#functions.values()) enrolled.caller = judge.caller(enrolled.roleArn, enrolled.name);
    this.#judge = judge;
  }

  /** A function as a caller. Throws a `StackError` when none with this logical id is known. */
  callerOf(logicalId: string): Caller {
    const found = [...this.#functions.values()].find((enrolled) => enrolled.logicalId === logicalId)?.caller;
    if (found === undefined) throw new StackError(`${logicalId} is no function whose role is known.`);
    return found;
  }

  /** Why a request is denied; undefined when its caller may do all of what `read` says that it does. */
  denial(headers: IncomingHttpHeaders, read: (judge: Judge) => Access[]): Denied | undefined {
    const judge = this.#judge;
    const { caller, credentials } = this.#functions.get(accessKeyIdOf(headers) ?? '') ?? {};
    if (!judge || !caller || !credentials || !showsToken(credentials, headers)) return this.#denied(INVALID_TOKEN);
    try {
      const refusal = judge.refusalOf(caller, read(judge));
      return refusal && this.#denied(refusal);
    } catch (error) {
      if (!(error instanceof UnreadableRequest)) throw error;
      const message = `User: ${caller.arn} is denied a request that the embedded stack cannot read: ${error.message}`;
      return this.#denied({ message, isAboutKey: false });
    }
  }

  #denied(denied: Denied): Denied {
    this.#record(`${new Date().toISOString()}\t${denied.message}\n`);
    return denied;
  }
}
