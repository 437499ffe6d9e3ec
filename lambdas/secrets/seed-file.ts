import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { parseSecret, rotatingSecretSchema, type Secrets } from './secrets.ts';

const fileSchema = z.object({ jwt: rotatingSecretSchema });

/** The development secrets the embedded stack writes into its data folder. */
export function seedFile(path: string): Secrets {
  return {
    async jwt() {
      return parseSecret(fileSchema, await readFile(path, 'utf8'), path).jwt;
    },
  };
}
