import type { Access } from './access.ts';

type Service = 'dynamodb' | 'sqs' | 's3';

/**
 * What the caller of an action must be allowed to do with the key that its resource is encrypted under, on top of the
 * action itself: services use a customer's key in the name of whoever calls them (AWS KMS, "kms:ViaService"). DynamoDB
 * unwraps a table's key for reads and writes alike ("DynamoDB encryption at rest"); SQS makes a data key for what is sent
 * and opens it for what is received ("Configuring KMS permissions for Amazon SQS"); S3 the same for put and get, and a put
 * may use a bucket's key that is there already, which S3 checks first.
 */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'sqs:SendMessage': ['kms:GenerateDataKey', 'kms:Decrypt'],
  'sqs:ReceiveMessage': ['kms:Decrypt'],
  's3:PutObject': ['kms:GenerateDataKey', 'kms:Decrypt'],
  's3:GetObject': ['kms:Decrypt'],
  's3:GetObjectVersion': ['kms:Decrypt'],
};

const TABLE_ACTIONS = ['kms:Decrypt'];

/** What `access` does with the key. */
export function keyAccess({ action }: Access, keyArn: string, region: string): Access[] {
  const service = action.split(':')[0] as Service;
  const actions = service === 'dynamodb' ? TABLE_ACTIONS : (KEY_ACTIONS[action] ?? []);
  const via = [`${service}.${region}.amazonaws.com`];
  const context = (key: string) => (key === 'kms:ViaService' ? via : undefined);
  return actions.map((keyAction) => ({ action: keyAction, resource: keyArn, context }));
}

/** The resource a key is declared for: the table of an index or stream, the bucket of an object, a queue itself. */
export function encryptedResource({ resource }: Access): string {
  if (resource.startsWith('arn:aws:dynamodb:')) return resource.split('/').slice(0, 2).join('/');
  return resource.startsWith('arn:aws:s3:::') ? (resource.split('/')[0] ?? '') : resource;
}
