import { Argument, Command, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import { clientOf } from './client-of.ts';
import { type AnyCommand, type Credential, type Example, GROUPS } from './command.ts';
import { commands, families } from './commands.ts';
import { type ConnectionOptions, connectionOf } from './connection.ts';
import { requireToken } from './credential.ts';
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import { Output } from './output.ts';
import type { Given } from './parameters.ts';
import { Session } from './session.ts';
import { terminalOf } from './terminal.ts';

const ENVIRONMENT_HELP = `Environment:
  ZEROSUM_URL    the service, by default http://127.0.0.1:3000; it may have a stage prefix
  ZEROSUM_TOKEN  the token or API key; never an argument, for every user of a machine sees those
  NO_COLOR       no colours, also on a terminal`;

const FIRST_EXAMPLES: readonly Example[] = [
  { line: 'token alpha', says: 'a development token; export ZEROSUM_TOKEN=$(zerosum token alpha) keeps it' },
  { line: 'send api_call 100 --key first --wait', says: 'charge once, and wait until it is posted' },
  { line: 'balance', says: 'what the tenant owes' },
];

const CREDENTIAL_HELP: Readonly<Record<Credential, string>> = {
  tenant: "Needs a tenant's token or API key in ZEROSUM_TOKEN.",
  admin: "Needs an administrator's token in ZEROSUM_TOKEN.",
  none: 'Needs no credential.',
};

/** What the options that every command has give. */
interface CommonOptions extends ConnectionOptions {
  readonly json?: boolean;
}

/** Runs the command that the arguments name. Whatever happens, it ends in words and an exit code. */
export async function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = programOf(async (declared, command) => {
    code = await run(declared, command, env);
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}

type Action = (declared: AnyCommand, command: Command) => Promise<void>;

function programOf(action: Action): Command {
  const program = new Command('zerosum')
    .description('Meters usage, bills it exactly once, and proves the books.')
    .option('--url <url>', 'the service, instead of ZEROSUM_URL')
    .option('--token-file <file>', 'read the token from a file, with - from standard input, instead of ZEROSUM_TOKEN')
    .option('--json', "the API's own JSON on standard output, an answer a line, and nothing else")
    .version(version)
    .configureHelp({ showGlobalOptions: true, subcommandTerm })
    .exitOverride()
    .showHelpAfterError('(--help says more)');
  for (const group of GROUPS) {
    program.commandsGroup(`${group}:`);
    for (const declared of commands.filter((one) => one.group === group)) define(program, declared, action);
  }
  const end = [ENVIRONMENT_HELP, EXIT_CODES_HELP, examplesHelp(FIRST_EXAMPLES)].join('\n\n');
  return program.addHelpText('after', `\n${end}`);
}

/** In a list of commands: what to type, without saying of each that it has options. */
function subcommandTerm(command: Command): string {
  const names = command.registeredArguments.map((one) => one.name());
  return [command.name(), ...names.map((name) => `<${name}>`)].join(' ');
}

function define(program: Command, declared: AnyCommand, action: Action): void {
  const [name = '', ...above] = declared.name.split(' ').reverse();
  const parent = above.reverse().reduce(familyOf, program);
  const command = parent
    .command(name)
    .summary(declared.summary)
    .description([`${declared.summary}.`, declared.description].filter((text) => text !== undefined).join(' '))
    .helpCommand(false)
    .addHelpText('after', `\n${CREDENTIAL_HELP[declared.credential]}\n\n${examplesHelp(declared.examples)}`);
  for (const given of Object.values(declared.arguments ?? {})) command.addArgument(argumentOf(given));
  for (const given of Object.values(declared.options ?? {})) command.addOption(optionOf(given));
  command.action(() => action(declared, command));
}

/** The command that others stand below; one that does nothing itself is made here. */
function familyOf(parent: Command, name: string): Command {
  const existing = parent.commands.find((one) => one.name() === name);
  if (existing !== undefined) return existing;
  const path = [...pathOf(parent), name].join(' ');
  const summary = families[path];
  if (summary === undefined) throw new Error(`commands.ts has no family ${JSON.stringify(path)}.`);
  const below = commands.filter((one) => one.name.startsWith(`${path} `));
  const examples = below.map(({ examples: [first] }) => first);
  return parent
    .command(name)
    .summary(summary)
    .description(`${summary}.`)
    .helpCommand(false)
    .addHelpText('after', `\n${examplesHelp(examples)}`);
}

function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

function argumentOf({ flags, summary, parse }: Given<unknown>): Argument {
  const argument = new Argument(flags, summary);
  return parse === undefined ? argument : argument.argParser(parse);
}

function optionOf({ flags, summary, parse, isList }: Given<unknown>): Option {
  const option = new Option(flags, isList === true ? `${summary}; may be repeated` : summary);
  if (parse === undefined) return option;
  return option.argParser((text: string, before: unknown) =>
    isList === true ? [...((before as unknown[] | undefined) ?? []), parse(text)] : parse(text),
  );
}

/** What the reader typed, by the names that the declaration gives. */
function valuesOf(declared: AnyCommand, command: Command): Record<string, unknown> {
  const typed = command.opts();
  const options = Object.entries(declared.options ?? {}).map(([name, given]) => {
    const option = new Option(given.flags);
    const value: unknown = typed[option.attributeName()];
    return [name, option.isBoolean() ? value === true : value] as const;
  });
  const names = Object.keys(declared.arguments ?? {});
  return Object.fromEntries([...options, ...names.map((name, index) => [name, command.processedArgs[index]] as const)]);
}

async function run(declared: AnyCommand, command: Command, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const common = command.optsWithGlobals<CommonOptions>();
  const output = new Output(common.json === true ? 'json' : 'human', terminalOf(env));
  try {
    const connection = connectionOf(common, env);
    requireToken(connection.token, declared.credential);
    const session = new Session(connection, env, output);
    return await declared.work(clientOf(connection, output), valuesOf(declared, command), output, session);
  } catch (error) {
    const { code, text } = failureOf(error);
    output.note(text);
    return code;
  }
}

function examplesHelp(examples: readonly Example[]): string {
  const lines = examples.flatMap(({ line, says }) => [`  # ${says}`, `  zerosum ${line}`]);
  return ['Examples:', ...lines].join('\n');
}
