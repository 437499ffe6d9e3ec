import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clientTypes } from '../client/types/generate.ts';

/** Writes the client's types as the OpenAPI document has them now. */
writeFileSync(fileURLToPath(new URL('../client/types/api.ts', import.meta.url)), await clientTypes());
