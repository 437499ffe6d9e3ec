import { describe } from 'vitest';
import { dynoxide, useDynamodb } from '../support/dynamodb.ts';
import { storageRules } from './all-rules.ts';

describe.skipIf(!dynoxide.available)('on dynoxide', () => {
  storageRules(useDynamodb(dynoxide));
});
