import { describe } from 'vitest';
import { storageRules } from '../storage/all-rules.ts';
import { useSimulatedDynamodb } from './dynamodb/use-simulated-dynamodb.ts';

describe('on the simulated DynamoDB, at its most exact', () => {
  storageRules(useSimulatedDynamodb());
});
