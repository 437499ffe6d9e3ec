import { expect, it } from 'vitest';
import { synthesised } from '../support/templates.ts';

/** Types whose instances hold something: CloudFormation replaces one that gets another id, and what it held stays behind. */
const STATEFUL = [
  'AWS::KMS::Key',
  'AWS::DynamoDB::Table',
  'AWS::SQS::Queue',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
];

const COST = `A logical id of something that holds data has changed. CloudFormation knows it by nothing else: on the next deployment it
would make an empty one under the new id, and in prod leave the old one behind, out of reach of every function. A table is a
ledger gone from view, a queue its messages, a secret every token and sealed key, the key all that lies encrypted under it.
Give the construct its old id and scope back. If it is meant, move what it holds first (docs/runbook.md says how a table is
restored and verified), then run this test with -u and say in the commit what became of the old one.`;

it.each(['dev', 'prod'] as const)('what holds data in stage %s keeps the id it was made under', async (stage) => {
  const { resources } = await synthesised(stage);
  const ids = [...resources].filter(([, { Type }]) => STATEFUL.includes(Type)).map(([id, { Type }]) => `${Type} ${id}`);
  expect(ids).toHaveLength(1 + 8 + 7 + 1 + 2);
  await expect(`${ids.sort().join('\n')}\n`, COST).toMatchFileSnapshot(`./logical-ids.${stage}.txt`);
});
