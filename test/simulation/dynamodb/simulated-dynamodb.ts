import type { Random } from '../random.ts';
import type { Call, Service } from '../service.ts';
import type { Item } from './attribute-value.ts';
import { Holds } from './holds.ts';
import { KeyReads } from './key-reads.ts';
import type { Nastiness } from './nastiness.ts';
import { PageReads } from './page-reads.ts';
import { plainWrite } from './plain-write.ts';
import { throttledOnDemand, throttledTable } from './refusals.ts';
import { RequestTokens } from './request-tokens.ts';
import { type Change, type Read, Store, type Write } from './store.ts';
import type { TableDefinition } from './table.ts';
import { createTable, describeTable } from './table-commands.ts';
import { TransactWrite } from './transact-write.ts';

export interface SimulatedDynamodbOptions {
  readonly tables: readonly TableDefinition[];
  readonly nowMs: () => number;
  readonly random: Random;
  readonly nastiness: Nastiness;
}

/**
 * A DynamoDB in memory: the commands, expressions and refusals that the system lives by, as exact as the real one, and as
 * nasty as AWS's documents let it be. What it does not know it refuses with a TypeError, so that nothing passes by chance.
 */
export class SimulatedDynamodb implements Service {
  readonly #store: Store;
  readonly #commands: Readonly<Record<string, (call: Call) => () => object>>;

  constructor({ tables, nowMs, random, nastiness }: SimulatedDynamodbOptions) {
    const store = new Store(nowMs, random, nastiness);
    for (const definition of tables) store.define(definition);
    const [holds, tokens] = [new Holds(), new RequestTokens()];
    const [keyReads, pageReads] = [new KeyReads(store, random, nastiness), new PageReads(store, random, nastiness)];
    const transactions = new TransactWrite(store, holds, tokens, random, nastiness);
    const throttled = (answer: (call: Call) => () => object) => (call: Call) => {
      if (nastiness.throttled > 0 && random.chance(nastiness.throttled)) {
        throw random.chance(0.5) ? throttledTable() : throttledOnDemand();
      }
      return answer(call);
    };
    this.#store = store;
    this.#commands = {
      GetItemCommand: throttled(({ input }) => keyReads.get(input as never)),
      BatchGetItemCommand: throttled(({ input }) => keyReads.batchGet(input as never)),
      QueryCommand: throttled(({ input }) => pageReads.query(input as never)),
      ScanCommand: throttled(({ input }) => pageReads.scan(input as never)),
      PutItemCommand: throttled((call) => plainWrite('Put', call, store, holds)),
      UpdateItemCommand: throttled((call) => plainWrite('Update', call, store, holds)),
      DeleteItemCommand: throttled((call) => plainWrite('Delete', call, store, holds)),
      TransactWriteItemsCommand: (call) => transactions.arrive(call),
      CreateTableCommand:
        ({ input }) =>
        () =>
          createTable(input as never, store),
      DescribeTableCommand:
        ({ input }) =>
        () =>
          describeTable(input as never, store),
    };
  }

  arrive(call: Call): () => object {
    const command = this.#commands[call.command];
    if (command === undefined) throw new TypeError(`${call.command} is not simulated.`);
    return command(call);
  }

  /** Every item of a table, in the order of its keys, as it is now: for checks, past everything that a read may see. */
  items(table: string): Iterable<Item> {
    return this.#store.table(table).items();
  }

  /** @param listener hears of every change in the order they are made, while they are made */
  onChange(listener: (change: Change) => void): void {
    this.#store.changeListeners.push(listener);
  }

  /** @param listener hears of every write that is done, even of one that changes nothing */
  onWrite(listener: (write: Write) => void): void {
    this.#store.writeListeners.push(listener);
  }

  /** @param listener hears of every read, with what it looked at */
  onRead(listener: (read: Read) => void): void {
    this.#store.readListeners.push(listener);
  }
}
