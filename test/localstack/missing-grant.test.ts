import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { TenantClient } from '../support/client.ts';
import { type RunningStack, StackProcess, startStack, temporaryFolder } from '../support/stack.ts';
import type { Statement } from '../support/templates.ts';

let stack: RunningStack | undefined;
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});

type Match = (statement: Statement) => boolean;

/** The app as it is, but for the statements of one function's role that fit: its environment for a stack. */
function without(functionName: string, fits: Match): { ZEROSUM_ASSEMBLY: string; ZEROSUM_ENFORCE_IAM: string } {
  const folder = join(temporaryFolder(), 'assembly');
  cpSync(process.env['ZEROSUM_ASSEMBLY'] ?? '', folder, { recursive: true });
  let removed = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.template.json'))) {
    const template = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    for (const [id, { Type, Properties }] of Object.entries<{ Type: string; Properties: Properties }>(
      template.Resources,
    )) {
      if (Type !== 'AWS::IAM::Policy' || !id.startsWith(`${functionName}ServiceRole`)) continue;
      const { Statement } = Properties.PolicyDocument;
      Properties.PolicyDocument.Statement = Statement.filter((statement) => !fits(statement));
      removed += Statement.length - Properties.PolicyDocument.Statement.length;
    }
    writeFileSync(join(folder, name), JSON.stringify(template));
  }
  expect(removed).toBe(1);
  return { ZEROSUM_ASSEMBLY: folder, ZEROSUM_ENFORCE_IAM: '1' };
}

interface Properties {
  readonly PolicyDocument: { Statement: Statement[] };
}

const about = (action: string, resource: string): Match => {
  return ({ Action, Resource }) => [Action].flat().includes(action) && JSON.stringify(Resource).includes(resource);
};

test('a missing grant shows at the request that needs it, and in the function’s log', async () => {
  stack = await startStack({ env: without('Ingest', about('dynamodb:PutItem', 'UsageIntake')) });
  const { url } = stack;
  const answer = await new TenantClient(() => url, 'tenant_alpha').post({ idempotency_key: 'k' });
  expect(answer.status).toBe(503);
  const log = await stack.log('Ingest');
  expect(log).toContain('AccessDeniedException');
  expect(log).toMatch(/is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:[^ ]*UsageIntake/);
});

test.each<[string, string, Match, RegExp]>([
  [
    'take messages from its queues',
    'Consumer',
    about('sqs:ReceiveMessage', 'UsageQueue'),
    /^AWS would refuse to create \w*UsageToConsumer\w*\. .* sqs:receivemessage on resource: [^ ]*UsageQueue/,
  ],
  [
    'read its stream',
    'Projector',
    about('dynamodb:GetRecords', 'LedgerB'),
    /^AWS would refuse to create \w*PagesToProjector\w*\. .* dynamodb:DescribeStream on resource: [^ ]*stream/,
  ],
  [
    'open the key its queue is encrypted under',
    'Consumer',
    about('kms:Decrypt', 'Key'),
    /^AWS would refuse to create \w*ToConsumer\w*\. .* kms:Decrypt on resource: arn:aws:kms:/,
  ],
])('a stack whose function may not %s does not start, as AWS would not create it', async (_what, name, match, said) => {
  const refusing = new StackProcess({ env: without(name, match) });
  expect(await refusing.exited).toBe(1);
  expect(refusing.stderr.trim().split('\n')).toEqual([expect.stringMatching(said)]);
});
