import { parseArgs } from 'node:util';
import { parseStageName } from '../../lib/stage.ts';
import { localStores } from './local-stores.ts';
import { OperatorError, told } from './operator-error.ts';
import { deployedStores, type StageStores } from './stage-stores.ts';

/** `EX_USAGE` of sysexits.h. */
const USAGE = 64;

/** What a command says, where, and with which exit code. */
export interface Said {
  readonly code: number;
  readonly out?: string;
  readonly error?: string;
}

/** A way in which nobody can have meant the arguments. */
export class UsageError extends Error {}

type OptionTypes = Record<string, { readonly type: 'string' | 'boolean' }>;
type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Parses the arguments and does the work; whatever fails becomes a sentence, never a stack. */
export async function runCommand(
  args: readonly string[],
  command: {
    readonly usage: string;
    readonly options: OptionTypes;
    /** Its exit code is 0 unless it says another. */
    work(values: Values, stores: StageStores): Promise<Omit<Said, 'code'> & Partial<Pick<Said, 'code'>>>;
  },
): Promise<Said> {
  try {
    const options = { stage: { type: 'string' }, local: { type: 'boolean' }, help: { type: 'boolean' } } as const;
    const { values } = parsed(args, { ...options, ...command.options });
    if (values['help'] === true) return { code: 0, out: command.usage };
    return { code: 0, ...(await command.work(values, storesOf(values))) };
  } catch (error) {
    if (error instanceof UsageError) return { code: USAGE, error: `${error.message}\n\n${command.usage}` };
    return { code: 1, error: told(error) };
  }
}

/** Says it, and leaves the exit code for the process to end with. */
export function say({ code, out, error }: Said): void {
  if (out !== undefined) process.stdout.write(`${out}\n`);
  if (error !== undefined) process.stderr.write(`${error}\n`);
  process.exitCode = code;
}

function parsed(args: readonly string[], options: OptionTypes): { readonly values: Values } {
  try {
    return parseArgs({ args: [...args], options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function storesOf({ local, stage = 'dev' }: Values): StageStores {
  if (local === true || stage === 'local') return localStores();
  try {
    return deployedStores(parseStageName(stage));
  } catch {
    throw new OperatorError(`There is no stage ${JSON.stringify(stage)}: give --stage dev, --stage prod or --local.`);
  }
}
