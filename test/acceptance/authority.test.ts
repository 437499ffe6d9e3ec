import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Attempt, Attempts } from '../support/attempts.ts';
import { clientsOf, type FunctionClients } from '../support/function-clients.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

const names = ['Ingest', 'Admin', 'Consumer', 'Read', 'Projector', 'Guard', 'Reconcile', 'Docs'] as const;
type Name = (typeof names)[number];

let stack: RunningStack;
const clients = new Map<Name, FunctionClients>();

beforeAll(async () => {
  stack = await startStack();
  for (const name of names) clients.set(name, await clientsOf(stack, name));
});
afterAll(() => stack?.stop());

const attempts = new Attempts(() => stack);
const USAGE = 'UsageQueueUsage';
const ADJUSTMENTS = 'AdjustmentQueueAdjustments';

describe.each<[Name, readonly [string, Attempt, string][]]>([
  [
    'Ingest',
    [
      ['read the ledger', attempts.get('Ledger', 'E#a#00'), 'dynamodb:GetItem'],
      ['read a balance', attempts.get('Balances', 'H#a'), 'dynamodb:GetItem'],
      ['accept an adjustment', attempts.put('AdjustmentIntake', 'a#00'), 'dynamodb:PutItem'],
      [
        'accept an adjustment in a transaction',
        attempts.together(attempts.putting('AdjustmentIntake', 'a#00')),
        'dynamodb:PutItem',
      ],
      ['post an entry', attempts.together(attempts.putting('Ledger', 'J#a#2026-01#00')), 'dynamodb:PutItem'],
      ['write Config', attempts.put('Config', 'PRICES'), 'dynamodb:PutItem'],
      ['send an adjustment', attempts.send(ADJUSTMENTS), 'sqs:sendmessage'],
      ['take a message from its own queue', attempts.receive(USAGE), 'sqs:receivemessage'],
      ['drop the messages of its own queue', attempts.purge(USAGE), 'sqs:purgequeue'],
    ],
  ],
  [
    'Admin',
    [
      ['forge a total', attempts.update('Balances', 'H#a', 'SET totals = :v'), 'dynamodb:UpdateItem'],
      [
        'forge a total under another name',
        attempts.update('Balances', 'H#a', 'SET #t = :v', { ExpressionAttributeNames: { '#t': 'totals' } }),
        'dynamodb:UpdateItem',
      ],
      [
        'forge a total beside the gate',
        attempts.update('Balances', 'H#a', 'SET closed_at = :v ADD totals.cash :v'),
        'dynamodb:UpdateItem',
      ],
      [
        'forge a total in a transaction',
        attempts.together(attempts.updating('Balances', 'H#a', 'SET next_seq = :v')),
        'dynamodb:UpdateItem',
      ],
      [
        'read a total by way of a condition',
        attempts.update('Balances', 'H#a', 'SET closed_at = :v', { ConditionExpression: 'entry_count = :v' }),
        'dynamodb:UpdateItem',
      ],
      [
        'read a head by way of what an update returns',
        attempts.update('Balances', 'H#a', 'SET closed_at = :v', { ReturnValues: 'ALL_OLD' }),
        'dynamodb:UpdateItem',
      ],
      ['put a head', attempts.put('Balances', 'H#a'), 'dynamodb:PutItem'],
      ['delete a head', attempts.remove('Balances', 'H#a'), 'dynamodb:DeleteItem'],
      ['put a closure under another prefix', attempts.put('Balances', 'D#a'), 'dynamodb:PutItem'],
      ['edit a seal', attempts.update('Balances', 'C#a', 'SET closed_at = :v'), 'dynamodb:UpdateItem'],
      ['delete a seal', attempts.remove('Balances', 'C#a'), 'dynamodb:DeleteItem'],
      ['accept usage', attempts.put('UsageIntake', 'a#00'), 'dynamodb:PutItem'],
      ['send usage', attempts.send(USAGE), 'sqs:sendmessage'],
      ['read the ledger', attempts.get('Ledger', 'E#a#00'), 'dynamodb:GetItem'],
      ['write what the guard found', attempts.put('Operations', 'GUARD#FINDINGS'), 'dynamodb:PutItem'],
      ['write reconcile’s audit log', attempts.put('Operations', 'AUDIT#RECONCILE#2026-01'), 'dynamodb:PutItem'],
      [
        'take back what it wrote in the audit log',
        attempts.remove('Operations', 'AUDIT#ADMIN#2026-01'),
        'dynamodb:DeleteItem',
      ],
      ['anchor a run', attempts.anchor('runs/x.json'), 's3:PutObject'],
      ['overwrite an anchor', attempts.anchor('closes/x.json', {}), 's3:PutObject'],
    ],
  ],
  [
    'Consumer',
    [
      ['put a page outside a transaction', attempts.put('Ledger', 'J#a#2026-01#00'), 'dynamodb:PutItem'],
      ['put a marker outside a transaction', attempts.put('Ledger', 'E#a#00'), 'dynamodb:PutItem'],
      [
        'move a head outside a transaction',
        attempts.update('Balances', 'H#a', 'SET next_seq = :v'),
        'dynamodb:UpdateItem',
      ],
      [
        'edit a seal',
        attempts.together(attempts.updating('Balances', 'C#a', 'SET totals = :v')),
        'dynamodb:UpdateItem',
      ],
      ['put a seal', attempts.together(attempts.putting('Balances', 'C#a')), 'dynamodb:PutItem'],
      [
        'edit a page',
        attempts.together(attempts.updating('Ledger', 'J#a#2026-01#00', 'SET entries = :v')),
        'dynamodb:UpdateItem',
      ],
      [
        'remove a marker beside a page',
        attempts.together(attempts.putting('Ledger', 'J#a'), attempts.removing('Ledger', 'E#a')),
        'dynamodb:DeleteItem',
      ],
      ['put refusals in a batch', attempts.putInBatch('Ledger', 'R#a#00'), 'dynamodb:BatchWriteItem'],
      ['read an intake', attempts.get('UsageIntake', 'a#00'), 'dynamodb:GetItem'],
      ['forge an intake record', attempts.put('UsageIntake', 'a#00'), 'dynamodb:PutItem'],
      ['send usage', attempts.send(USAGE), 'sqs:sendmessage'],
      ['anchor anything', attempts.anchor('runs/x.json'), 's3:PutObject'],
    ],
  ],
  [
    'Read',
    [
      ...['UsageIntake', 'AdjustmentIntake', 'Ledger', 'Balances', 'Usage', 'Config', 'Operations'].flatMap((table) => [
        [`put in ${table}`, attempts.put(table, 'H#a'), 'dynamodb:PutItem'] as [string, Attempt, string],
        [`update ${table}`, attempts.update(table, 'H#a', 'SET a = :v'), 'dynamodb:UpdateItem'] as [
          string,
          Attempt,
          string,
        ],
        [`delete in ${table}`, attempts.remove(table, 'H#a'), 'dynamodb:DeleteItem'] as [string, Attempt, string],
      ]),
      ['read the audit log', attempts.query('Operations', 'AUDIT#ADMIN#2026-01'), 'dynamodb:Query'],
      ['send usage', attempts.send(USAGE), 'sqs:sendmessage'],
    ],
  ],
  [
    'Projector',
    [
      ['post an entry', attempts.together(attempts.putting('Ledger', 'J#a#2026-01#00')), 'dynamodb:PutItem'],
      [
        'move a head',
        attempts.together(attempts.updating('Balances', 'H#a', 'SET next_seq = :v')),
        'dynamodb:UpdateItem',
      ],
      ['write Operations', attempts.put('Operations', 'RUN#x'), 'dynamodb:PutItem'],
      ['read an intake', attempts.get('UsageIntake', 'a#00'), 'dynamodb:GetItem'],
    ],
  ],
  [
    'Guard',
    [
      ['touch another prefix of Operations', attempts.put('Operations', 'SWEEP#WATERMARK'), 'dynamodb:PutItem'],
      [
        'touch another prefix beside its own',
        attempts.together(attempts.putting('Operations', 'GUARD#FINDINGS'), attempts.putting('Operations', 'RUN#x')),
        'dynamodb:PutItem',
      ],
      ['read what it found', attempts.query('Operations', 'GUARD#FINDINGS'), 'dynamodb:Query'],
      ['take back what it found', attempts.remove('Operations', 'GUARD#FINDINGS'), 'dynamodb:DeleteItem'],
      ['read the ledger', attempts.get('Ledger', 'E#a#00'), 'dynamodb:GetItem'],
    ],
  ],
  [
    'Reconcile',
    [
      ['post an entry', attempts.together(attempts.putting('Ledger', 'J#a#2026-01#00')), 'dynamodb:PutItem'],
      ['forge an intake record', attempts.put('UsageIntake', 'a#00'), 'dynamodb:PutItem'],
      ['mend a head', attempts.update('Balances', 'H#a', 'SET next_seq = :v'), 'dynamodb:UpdateItem'],
      ['take back what the guard found', attempts.remove('Operations', 'GUARD#FINDINGS'), 'dynamodb:DeleteItem'],
      ['write admin’s audit log', attempts.put('Operations', 'AUDIT#ADMIN#2026-01'), 'dynamodb:PutItem'],
      [
        'take back what it wrote in the audit log',
        attempts.remove('Operations', 'AUDIT#RECONCILE#2026-01'),
        'dynamodb:DeleteItem',
      ],
      ['scan Operations', attempts.scan('Operations'), 'dynamodb:Scan'],
      ['overwrite an anchor', attempts.anchor('runs/x.json', {}), 's3:PutObject'],
      ['anchor a close', attempts.anchor('closes/x.json'), 's3:PutObject'],
      ['delete an anchor', attempts.deleteAnchor('runs/x.json'), 's3:DeleteObject'],
      ['take messages from the consumer', attempts.receive(ADJUSTMENTS), 'sqs:receivemessage'],
      ['drop messages', attempts.purge(USAGE), 'sqs:purgequeue'],
    ],
  ],
  [
    'Docs',
    [
      ['read Config', attempts.get('Config', 'TENANTS'), 'dynamodb:GetItem'],
      ['send usage', attempts.send(USAGE), 'sqs:sendmessage'],
      ['list the anchors', attempts.listAnchors(), 's3:ListBucket'],
    ],
  ],
])('%s must not', (name, attempts) => {
  test.each(attempts)('%s', (_what, attempt, action) => refused(name, attempt, action));
});

describe.each(names)('%s must not, as nobody must,', (name) => {
  test.each(['UsageIntake', 'AdjustmentIntake', 'Ledger'])(
    'update, delete or write in batches in %s',
    async (table) => {
      for (const pk of ['a#00', 'J#a#2026-01#00', 'R#a#00']) {
        await refused(name, attempts.update(table, pk, 'SET a = :v'), 'dynamodb:UpdateItem');
        await refused(name, attempts.remove(table, pk), 'dynamodb:DeleteItem');
        await refused(name, attempts.putInBatch(table, pk), 'dynamodb:BatchWriteItem');
        await refused(name, attempts.together(attempts.updating(table, pk, 'SET a = :v')), 'dynamodb:UpdateItem');
        await refused(name, attempts.together(attempts.removing(table, pk)), 'dynamodb:DeleteItem');
      }
    },
  );
});

/** The same attempts, a step inside what is allowed: so a refusal above is no fault of the credentials or the request. */
test.each<[Name, string, Attempt]>([
  ['Ingest', 'accept usage', attempts.put('UsageIntake', 'authority#00')],
  [
    'Admin',
    'shut a gate',
    attempts.update('Balances', 'H#authority', 'SET closed_at = :v', { ReturnValues: 'UPDATED_OLD' }),
  ],
  ['Admin', 'put a closure', attempts.put('Balances', 'C#authority')],
  ['Consumer', 'record a refusal', attempts.put('Ledger', 'R#authority#00')],
  [
    'Consumer',
    'move a head in a transaction',
    attempts.together(attempts.updating('Balances', 'H#authority', 'SET next_seq = :v')),
  ],
  ['Read', 'query a balance', attempts.query('Balances', 'H#authority')],
  ['Projector', 'rewrite a meter', attempts.put('Usage', 'U#authority#m')],
  ['Guard', 'record a finding', attempts.put('Operations', 'GUARD#AUTHORITY')],
  ['Reconcile', 'anchor a run', attempts.anchor('runs/authority.json')],
  ['Reconcile', 'read an anchor', attempts.readAnchor('runs/authority.json')],
  ['Reconcile', 'scan the ledger', attempts.scan('Ledger')],
  ['Read', 'ask how long the queue is', attempts.measure(USAGE)],
])('%s may %s', async (name, _what, attempt) => {
  await attempt(clientOf(name));
});

function clientOf(name: Name): FunctionClients {
  const found = clients.get(name);
  if (found === undefined) throw new Error(`There are no clients of ${name}.`);
  return found;
}

/** The attempt fails as it would on AWS: the action is named, and who may not do it. */
async function refused(name: Name, attempt: Attempt, action: string): Promise<void> {
  await expect(attempt(clientOf(name))).rejects.toMatchObject({
    name: expect.stringMatching(/^AccessDenied/),
    message: expect.stringMatching(
      new RegExp(
        `^User: arn:aws:sts::\\d{12}:assumed-role/[^/]*${name}[^/]*/[^ ]*${name}[^ ]* is not authorized to perform: ${action} on resource: `,
      ),
    ),
  });
}
