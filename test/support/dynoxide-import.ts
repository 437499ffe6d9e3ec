import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { marshall } from '@aws-sdk/util-dynamodb';
import { DYNOXIDE_FILE, dynoxideBinary } from '../../localstack/embedded/engines/dynamodb.ts';
import { tableSchema } from './dynamodb.ts';
import { must } from './events.ts';

/**
 * Tables filled while the engine does not run, by dynoxide's own import of what DynamoDB exports (one line of JSON for an
 * item): some thirty times as fast as requests.
 */
export class DynoxideImport {
  readonly #folder: string;
  readonly #source: string;
  readonly #schemas: { readonly Table: ReturnType<typeof tableSchema> }[] = [];

  /** @param folder where the engine will keep its files */
  constructor(folder: string) {
    this.#folder = folder;
    this.#source = join(folder, 'import');
  }

  /** Adds a table; `kind` is the one of the system's tables whose index it has. */
  addTable(name: string, kind = name): void {
    mkdirSync(join(this.#source, name, 'data'), { recursive: true });
    this.#schemas.push({ Table: tableSchema(name, kind) });
  }

  async put(table: string, items: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const lines = items.map((item) => `${JSON.stringify({ Item: marshall(item, { removeUndefinedValues: true }) })}\n`);
    await appendFile(join(this.#source, table, 'data', 'items.json'), lines.join(''));
  }

  /** Makes the database; gives its tables. Throws what dynoxide has against it. */
  async finish(): Promise<string[]> {
    const schema = join(this.#folder, 'schema.json');
    writeFileSync(schema, JSON.stringify(this.#schemas));
    const output = join(this.#folder, DYNOXIDE_FILE);
    const args = ['import', '--source', this.#source, '--schema', schema, '--output', output];
    await promisify(execFile)(must(dynoxideBinary()), args);
    rmSync(this.#source, { recursive: true });
    return this.#schemas.map(({ Table }) => Table.TableName);
  }
}
