import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { StackError } from './stack-error.ts';

const DEFAULT_PORT = 3000;
const HIGHEST_PORT = 65_535;

const functionEnvironmentSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** What the person (or test) who starts the stack may choose. */
export interface Options {
  /** The API's port; 0 takes any free one. */
  readonly port: number;
  readonly dataFolder: string;
  /** Empty the data folder first. */
  readonly reset: boolean;
  /** A synthesised assembly to run instead of synthesising one. */
  readonly assembly: string | undefined;
  /** Where each function's processes leave CPU profiles, in a folder named after the function. */
  readonly profileFolder: string | undefined;
  readonly engine: 'dynamodb-local' | undefined;
  /** Hold every function to its role. */
  readonly enforcesIam: boolean;
  /** Variables laid over a function's declared environment, by the function's logical id or short name. For tests. */
  readonly functionEnvironment: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Reads `--reset` and the variables `PORT`, `ZEROSUM_DATA`, `ZEROSUM_ASSEMBLY`, `ZEROSUM_ENGINE`,
 * `ZEROSUM_ENFORCE_IAM`, `ZEROSUM_PROFILE` and `ZEROSUM_FUNCTION_ENVIRONMENT`. Throws a `StackError` that names the one it cannot use.
 */
export function readOptions(args: readonly string[], environment: Record<string, string | undefined>): Options {
  return {
    port: readPort(environment['PORT']),
    dataFolder: resolve(environment['ZEROSUM_DATA'] || '.zerosum'),
    reset: readReset(args),
    assembly: environment['ZEROSUM_ASSEMBLY'] ? resolve(environment['ZEROSUM_ASSEMBLY']) : undefined,
    profileFolder: environment['ZEROSUM_PROFILE'] ? resolve(environment['ZEROSUM_PROFILE']) : undefined,
    engine: readEngine(environment['ZEROSUM_ENGINE']),
    enforcesIam: readSwitch('ZEROSUM_ENFORCE_IAM', environment),
    functionEnvironment: readFunctionEnvironment(environment['ZEROSUM_FUNCTION_ENVIRONMENT']),
  };
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= HIGHEST_PORT) return port;
  throw new StackError(`PORT is ${JSON.stringify(text)}: give a number from 0 (any free port) to ${HIGHEST_PORT}.`);
}

function readReset(args: readonly string[]): boolean {
  try {
    const { values } = parseArgs({ args: [...args], options: { reset: { type: 'boolean', default: false } } });
    return values.reset;
  } catch {
    throw new StackError(`Unknown arguments "${args.join(' ')}": the only one is --reset, as in npm start -- --reset.`);
  }
}

function readEngine(name: string | undefined): Options['engine'] {
  if (name === undefined || name === '' || name === 'dynoxide') return undefined;
  if (name === 'dynamodb-local') return name;
  throw new StackError(`ZEROSUM_ENGINE is ${JSON.stringify(name)}: unset it, or give dynamodb-local.`);
}

function readSwitch(name: string, environment: Record<string, string | undefined>): boolean {
  const text = environment[name];
  if (text === undefined || text === '' || text === '0') return false;
  if (text === '1') return true;
  throw new StackError(`${name} is ${JSON.stringify(text)}: give 1, or unset it.`);
}

function readFunctionEnvironment(text: string | undefined): Options['functionEnvironment'] {
  if (text === undefined || text === '') return {};
  try {
    return functionEnvironmentSchema.parse(JSON.parse(text));
  } catch {
    throw new StackError(
      'ZEROSUM_FUNCTION_ENVIRONMENT is not JSON like {"Ingest":{"NAME":"value"}}: mend or unset it.',
    );
  }
}
