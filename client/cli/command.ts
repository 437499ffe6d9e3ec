import type { ZerosumClient } from '../client.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';
import type { Given, Values } from './parameters.ts';
import type { Session } from './session.ts';

/** Under which heading of `zerosum --help` a command stands, in this order. */
export const GROUPS = ['Usage in', 'Reads', 'Administration', 'This machine'] as const;

export type Group = (typeof GROUPS)[number];

/** What a command needs to be let in with. */
export type Credential = 'tenant' | 'admin' | 'none';

/** A line that a reader can type as it stands, on a development stack. */
export interface Example {
  /** Without `zerosum` in front. */
  readonly line: string;
  readonly says: string;
}

/** One command of the command line: its help, its arguments and its work. */
export interface CommandDeclaration<
  Arguments extends Record<string, Given<unknown>> = Record<string, Given<unknown>>,
  Options extends Record<string, Given<unknown>> = Record<string, Given<unknown>>,
> {
  /** As it is typed: `balance`, or `tenants add` for one below another. */
  readonly name: string;
  readonly group: Group;
  readonly credential: Credential;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What else a reader of its own help must know. */
  readonly description?: string;
  /** In the order in which they are typed. */
  readonly arguments?: Arguments;
  readonly options?: Options;
  readonly examples: readonly [Example, ...Example[]];
  /**
   * Does it, and tells of it on `output`. Whatever it throws becomes words on standard error and an exit code.
   * @param given its arguments and options by name
   */
  work(
    client: ZerosumClient,
    given: Values<Arguments> & Values<Options>,
    output: Output,
    session: Session,
  ): Promise<ExitCode>;
}

/** A declaration, its values typed by what it declares. */
export function command<
  Arguments extends Record<string, Given<unknown>> = Record<never, never>,
  Options extends Record<string, Given<unknown>> = Record<never, never>,
>(declaration: CommandDeclaration<Arguments, Options>): AnyCommand {
  return declaration as unknown as AnyCommand;
}

/** A command of any arguments, as the program runs it. */
export type AnyCommand = CommandDeclaration;
