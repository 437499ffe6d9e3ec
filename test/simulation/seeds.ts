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

export const tenants = ['alpha', 'beta', 'gamma'] as const;

/** Whose deliveries a key signs, and with what. */
export const webhookKeys = {
  whk_alpha: { tenant: 'alpha', secret: 'simulated_webhook_alpha' },
  whk_beta: { tenant: 'beta', secret: 'simulated_webhook_beta' },
} as const;

/** Minor units per unit. */
export const unitPrices = { api_call: 1n, storage_gb_hour: 5n, seat: 1_200n } as const;

/** Fills the configuration; nothing goes wrong yet, and no time passes. */
export async function seedConfiguration(dynamodb: Service): Promise<void> {
  const client = clientOf<DynamoDBDocumentClient>(
    inDocumentForm(async (command, input) => dynamodb.arrive({ command, input, caller: 'seed' })()),
  );
  const config = new ConfigWriter(client, TABLES.config);
  await config.addLayout();
  for (const tenant of tenants) await config.addTenant(parsed(parseTenantId(tenant)), tenant);
  const keys = sealKeys(SEAL_SECRET);
  for (const [id, { tenant, secret }] of Object.entries(webhookKeys)) {
    const keyId = parsed(parseWebhookKeyId(id));
    await config.addWebhookKey({ keyId, tenant: parsed(parseTenantId(tenant)), current: seal(secret, keyId, keys) });
  }
  const prices = Object.entries(unitPrices).map(([name, price]) => [parsed(parseMetric(name)), price] as const);
  await config.addPriceBook({ version: 1, effectiveAt: instantOf(0), currency: 'USD', unitPrices: new Map(prices) });
}

function parsed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A seed of the simulation is not well formed.');
  return value;
}
