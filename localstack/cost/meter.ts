import type { Item } from '../../test/simulation/dynamodb/attribute-value.ts';
import type { Write } from '../../test/simulation/dynamodb/store.ts';
import type { TableDefinition } from '../../test/simulation/dynamodb/table.ts';
import { tables } from '../../test/simulation/lambda/resources.ts';
import type { Call, Service } from '../../test/simulation/service.ts';
import type { SimulatedZerosum } from '../../test/simulation/zerosum.ts';
import { changeUnits, idleWriteUnits, indexUnits, isCharged, readUnits } from './dynamodb-units.ts';
import { Counts, type Tally } from './tally.ts';

/** SQS: "each 64 KB chunk of a payload is billed as one request". */
const SQS_CHUNK_BYTES = 64 * 1_024;

const definitions = new Map(tables.map((table): [string, TableDefinition] => [table.name, table]));

type Action = Partial<Record<'Put' | 'Update' | 'Delete' | 'ConditionCheck', { TableName?: string; Item?: Item }>>;

/**
 * Counts what a simulated Zerosum asks of AWS, in the units it is billed by: `write Ledger`, `read UsageIntake.by_time`,
 * `send usage`, `invoke ingest`, `call ingest dynamodb`, `object put` and so on.
 */
export class Meter {
  readonly #counts = new Counts();
  /** The metrics that functions have written, each with its function's name. */
  readonly metrics = new Set<string>();
  /** Whose call is under way, and what it has written. */
  #command = '';
  #writes: (Write & { units: number })[] = [];

  constructor(system: SimulatedZerosum) {
    const { dynamodb, sqs, s3, lambda, telemetry } = system;
    dynamodb.onWrite((write) => this.#writes.push({ ...write, units: 0 }));
    dynamodb.onChange((change) => {
      const write = this.#writes.at(-1);
      if (write !== undefined) write.units = changeUnits(change, this.#command);
      const definition = definitions.get(change.table);
      if (definition?.index === undefined) return;
      this.#counts.add(`write ${change.table}.${definition.index.name}`, indexUnits(change, definition));
    });
    dynamodb.onRead((read) => {
      this.#counts.add(`read ${read.table}${read.index === undefined ? '' : `.${read.index}`}`, readUnits(read));
    });
    this.#watch('dynamodb', dynamodb, (call, error) => this.#dynamodbCall(call, error));
    this.#watch('sqs', sqs, (call) => this.#sqsCall(call));
    this.#watch('s3', s3, ({ command }) => this.#counts.add(`object ${verbOf(command)}`, 1));
    this.#watchQueues(sqs);
    const invoke = lambda.invoke.bind(lambda);
    Object.assign(lambda, {
      invoke: (...[name, event]: Parameters<typeof invoke>) => {
        this.#counts.add(`invoke ${name}`, 1);
        return invoke(name, event);
      },
    });
    const metric = (name: string) => this.metrics.add(name);
    const count = telemetry.count.bind(telemetry);
    Object.assign(telemetry, {
      count: (...[name, value]: Parameters<typeof count>) => {
        metric(name);
        count(name, value);
      },
      durationMs: metric,
      amount: metric,
    });
  }

  /** What was counted since the last time this was asked. */
  take(): Tally {
    return this.#counts.take();
  }

  #watch(name: string, service: Service, done: (call: Call, error?: unknown) => void): void {
    const arrive = service.arrive.bind(service);
    const guarded = <Result>(call: Call, act: () => Result): Result => {
      this.#command = call.command;
      this.#writes = [];
      try {
        return act();
      } catch (error) {
        done(call, error);
        throw error;
      }
    };
    Object.assign(service, {
      arrive: (call: Call) => {
        this.#counts.add(`call ${functionOf(call.caller)} ${name}`, 1);
        const finish = guarded(call, () => arrive(call));
        return () => {
          const answer = guarded(call, finish);
          done(call);
          return answer;
        };
      },
    });
  }

  #dynamodbCall({ command, input }: Call, error?: unknown): void {
    if (error !== undefined) {
      if (isCharged(error)) for (const { table, item } of actionsOf(input)) this.#idleWrite(table, item, command);
      return;
    }
    for (const { table, units } of this.#writes) {
      if (units > 0) this.#counts.add(`write ${table}`, units);
      else this.#idleWrite(table, undefined, command);
    }
  }

  #idleWrite(table: string, item: Item | undefined, command: string): void {
    this.#counts.add(`write ${table}`, idleWriteUnits(item, command));
  }

  #sqsCall({ command, input }: Call): void {
    const {
      QueueUrl = '',
      MessageBody,
      Entries,
    } = input as {
      QueueUrl?: string;
      MessageBody?: string;
      Entries?: { MessageBody?: string }[];
    };
    const bodies = [MessageBody, ...(Entries ?? []).map((entry) => entry.MessageBody)];
    const verb = command.startsWith('SendMessage') ? 'send' : verbOf(command);
    this.#counts.add(`${verb} ${queueName(QueueUrl)}`, chunks(bodies));
  }

  /** What a queue's event source does: an empty look is none of an event's. */
  #watchQueues(sqs: SimulatedZerosum['sqs']): void {
    const [receive, remove] = [sqs.receive.bind(sqs), sqs.delete.bind(sqs)];
    Object.assign(sqs, {
      receive: (...[queue, max]: Parameters<typeof receive>) => {
        const messages = receive(queue, max);
        if (messages.length > 0) {
          this.#counts.add(`receive ${queueName(queue)}`, chunks(messages.map(({ body }) => body)));
        }
        return messages;
      },
      delete: (...[queue, handles]: Parameters<typeof remove>) => {
        if (handles.length > 0) this.#counts.add(`delete ${queueName(queue)}`, 1);
        remove(queue, handles);
      },
    });
  }
}

function actionsOf(input: object): { table: string; item: Item | undefined }[] {
  const { TransactItems } = input as { TransactItems?: Action[] };
  const actions = TransactItems?.flatMap((action) => Object.values(action)) ?? [
    input as { TableName?: string; Item?: Item },
  ];
  return actions.map(({ TableName = '', Item: item }) => ({ table: TableName, item }));
}

function chunks(bodies: readonly (string | undefined)[]): number {
  const bytes = bodies.reduce((sum, body = '') => sum + Buffer.byteLength(body), 0);
  return Math.max(1, Math.ceil(bytes / SQS_CHUNK_BYTES));
}

function queueName(nameOrUrl: string): string {
  return (nameOrUrl.split('/').at(-1) ?? '').replace(/\.fifo$/, '');
}

/** `put` of `PutObjectCommand`, `get` of `GetQueueAttributesCommand`. */
function verbOf(command: string): string {
  return (/^[A-Z][a-z]+/.exec(command)?.[0] ?? command).toLowerCase();
}

/** A caller is `ingest#12`. */
function functionOf(caller: string): string {
  return caller.split('#')[0] ?? caller;
}
