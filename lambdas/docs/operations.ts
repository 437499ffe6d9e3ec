import type { Operation } from './operation.ts';
import { auditOperation } from './operations/audit.ts';
import { batchOperation } from './operations/batch.ts';
import { booksOperations } from './operations/books.ts';
import { deadLetterOperations } from './operations/dead-letters.ts';
import { apiKeyOperations, webhookKeyOperations } from './operations/keys.ts';
import { ledgerOperations } from './operations/ledger.ts';
import { priceOperations } from './operations/prices.ts';
import { receiptOperation } from './operations/receipt.ts';
import { reconcileOperations } from './operations/reconcile.ts';
import { serviceOperations } from './operations/service.ts';
import { tenantOperations } from './operations/tenants.ts';
import { trialBalanceOperation } from './operations/trial-balance.ts';
import { usageOperations } from './operations/usage.ts';
import { webhookOperation } from './operations/webhook.ts';

/** The headings of the document, in its order. */
export const tags = {
  Usage: 'Hand usage in. Whatever is answered 202 is charged once, or refused with a reason its receipt tells.',
  Ledger: 'Read what was charged. Every read is strongly consistent unless it says otherwise.',
  Administration:
    "Say who is billed and what usage costs, issue keys, correct and close a tenant's books, and see who did what.",
  Proof: 'Check the whole ledger against what was handed in, and deal with what could not be posted.',
  Service: 'Whether the service works, and what it offers.',
} as const satisfies Record<Operation['tag'], string>;

/** Every operation of the API, in the order of the document. */
export const operations: readonly Operation[] = [
  ...usageOperations,
  batchOperation,
  webhookOperation,
  receiptOperation,
  ...ledgerOperations,
  ...booksOperations,
  ...tenantOperations,
  ...priceOperations,
  ...webhookKeyOperations,
  ...apiKeyOperations,
  trialBalanceOperation,
  auditOperation,
  ...reconcileOperations,
  ...deadLetterOperations,
  ...serviceOperations,
];
