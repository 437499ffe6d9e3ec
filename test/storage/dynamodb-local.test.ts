import { describe } from 'vitest';
import { dynamodbLocal, useDynamodb } from '../support/dynamodb.ts';
import { storageRules } from './all-rules.ts';

describe.skipIf(!dynamodbLocal.available)('on DynamoDB Local, where there is a Java', () => {
  storageRules(useDynamodb(dynamodbLocal));
});
