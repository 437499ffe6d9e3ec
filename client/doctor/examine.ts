import { checkCredential } from './credential.ts';
import type { Finding } from './finding.ts';
import { checkService, isLoopback } from './service.ts';
import { checkNode, checkProxy, checkStack, stackHere } from './this-machine.ts';

/** What is examined, and from where. */
export interface Patient {
  readonly url: string;
  readonly token: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Where the command was typed: perhaps a checkout, with its stack's data. */
  readonly folder: string;
  readonly nodeVersion: string;
}

/** Every check that can say something, from this machine to the service and what it lets one do. Changes nothing. */
export async function examine({ url, token, env, folder, nodeVersion }: Patient): Promise<Finding[]> {
  const isHere = isLoopback(url);
  const { findings, isZerosum } = await checkService(url, isHere ? stackHere(folder, env) : undefined);
  return [
    checkNode(nodeVersion),
    ...checkProxy(url, env),
    ...(isHere ? await checkStack(folder, env) : []),
    ...findings,
    ...(await checkCredential(url, token, isZerosum)),
  ];
}
