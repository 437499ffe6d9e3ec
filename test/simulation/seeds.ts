import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { parseMetric, parseTenantId, parseWebhookKeyId } from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { seal, sealKeys } from '../../lambdas/secrets/seal.ts';
import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { inDocumentForm } from './document-form.ts';
import { SEAL_SECRET } from './lambda/credentials.ts';
import { TABLES } from './lambda/resources.ts';
import { clientOf } from './seam.ts';
import type { Service } from './service.ts';
import type { Setting } from './workload/setting.ts';

/** Fills the configuration; nothing goes wrong yet, and no time passes. */
export async function seedConfiguration(
  dynamodb: Service,
  { tenants, webhookKeys, prices }: Pick<Setting, 'tenants' | 'webhookKeys' | 'prices'>,
): Promise<void> {
  const client = clientOf<DynamoDBDocumentClient>(
    inDocumentForm(async (command, input) => dynamodb.arrive({ command, input, caller: 'seed' })()),
  );
  const config = new ConfigWriter(client, TABLES.config);
  await config.addLayout();
  for (const tenant of tenants) await config.addTenant(parsed(parseTenantId(tenant)), tenant);
  const keys = sealKeys(SEAL_SECRET);
  for (const { keyId: id, tenant, secret } of webhookKeys) {
    const keyId = parsed(parseWebhookKeyId(id));
    await config.addWebhookKey({ keyId, tenant: parsed(parseTenantId(tenant)), current: seal(secret, keyId, keys) });
  }
  for (const { version, fromMs, unitPrices } of prices) {
    const named = Object.entries(unitPrices).map(([name, price]) => [parsed(parseMetric(name)), price] as const);
    const book = { version, effectiveAt: instantOf(fromMs), currency: 'USD', unitPrices: new Map(named) };
    await config.addPriceBook(book);
  }
}

function parsed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A seed of the simulation is not well formed.');
  return value;
}
