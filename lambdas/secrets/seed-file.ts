import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { parseSecret, type RotatingSecret, rotatingSecretSchema } from './secrets.ts';

/** A development secret, by its name in the file that the embedded stack writes into its data folder. */
export async function seedFile(path: string, name: 'jwt' | 'webhookSeal'): Promise<RotatingSecret> {
  const fileSchema = z.object({ [name]: rotatingSecretSchema });
  const secret = parseSecret(fileSchema, await readFile(path, 'utf8'), path)[name];
  if (secret === undefined) throw new Error(`The file ${path} has no secret ${name}.`);
  return secret;
}
