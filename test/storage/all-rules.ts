import type { Dynamodb } from '../support/dynamodb.ts';
import { adjustmentIntakeRules } from './adjustment-intake.rules.ts';
import { auditLogRules } from './audit-log.rules.ts';
import { closingRules } from './closing.rules.ts';
import { configRules } from './config.rules.ts';
import { deadLetterRules } from './dead-letters.rules.ts';
import { guardFindingsRules } from './guard-findings.rules.ts';
import { intakeRules } from './intake.rules.ts';
import { issuedKeyRules } from './issued-keys.rules.ts';
import { ledgerRules } from './ledger.rules.ts';
import { modelRules } from './model.rules.ts';
import { commitRules } from './posting.rules.ts';
import { rateLimitRules } from './rate-limits.rules.ts';
import { revisionRules } from './revision.rules.ts';
import { sweepProgressRules } from './sweep-progress.rules.ts';
import { tenantRules } from './tenants.rules.ts';
import { usageMetersRules } from './usage-meters.rules.ts';
import { webhookKeyRules } from './webhook-keys.rules.ts';

/** Everything the storage adapters promise; one engine serves all of it, since starting one is what takes time. */
export function storageRules(dynamodb: Dynamodb): void {
  commitRules(dynamodb);
  ledgerRules(dynamodb);
  intakeRules(dynamodb);
  adjustmentIntakeRules(dynamodb);
  configRules(dynamodb);
  tenantRules(dynamodb);
  revisionRules(dynamodb);
  webhookKeyRules(dynamodb);
  issuedKeyRules(dynamodb);
  rateLimitRules(dynamodb);
  sweepProgressRules(dynamodb);
  guardFindingsRules(dynamodb);
  usageMetersRules(dynamodb);
  auditLogRules(dynamodb);
  closingRules(dynamodb);
  modelRules(dynamodb);
  // Last: what it gives up would be among the attempts of other rules.
  deadLetterRules(dynamodb);
}
