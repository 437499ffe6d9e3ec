/**
 * `npm run scaling` prints the tables of docs/scaling.md, `npm run scaling -- --write` puts them there: which limit binds at
 * which rate of events, by the product's own keys and AWS's default quotas. A model without a clock: the same every time.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inDocument } from './document.ts';
import { allCases, scalingTables } from './report.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/scaling.md', import.meta.url));

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const tables = scalingTables(allCases());
if (values.write) writeFileSync(DOCUMENT, inDocument(readFileSync(DOCUMENT, 'utf8'), tables));
else for (const [name, text] of tables) process.stdout.write(`${name}\n\n${text}\n\n`);
