import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { apiDocument } from '../lambdas/docs/document.ts';

/** Writes the OpenAPI document, as `GET /openapi.json` answers it, into the file named on the command line. */
const [, , file] = process.argv;
if (file === undefined) throw new Error('Name the file to write: node --import tsx bin/openapi.ts openapi.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(apiDocument(), undefined, 2)}\n`);
