import {
  type Metric,
  parseMetric,
  parseTenantId,
  parseWebhookKeyId,
  type TenantId,
  type WebhookKeyId,
} from '../../lambdas/domain/ids.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { seal, sealKeys } from '../../lambdas/secrets/seal.ts';
import { ConfigWriter } from '../../lambdas/storage/config-writer.ts';
import { documentClient } from '../../lambdas/storage/dynamo.ts';
import { developmentSecrets, developmentSeeds } from './development.ts';

/** Writes the development tenants, prices and constants into the Config table; a second time changes nothing. */
export async function seed(options: { endpoint: string; configTable: string }): Promise<void> {
  const client = documentClient({
    endpoint: options.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const config = new ConfigWriter(client, options.configTable);
  await config.addLayout();
  for (const [id, name] of Object.entries(developmentSeeds.tenants)) await config.addTenant(tenantId(id), name);
  const keys = sealKeys(developmentSecrets.webhookSeal);
  for (const [id, owner] of Object.entries(developmentSeeds.webhookKeys)) {
    const secret = developmentSecrets.webhookKeys[id as keyof typeof developmentSeeds.webhookKeys].current;
    const keyId = webhookKeyId(id);
    await config.addWebhookKey({ keyId, tenant: tenantId(owner), current: seal(secret, keyId, keys) });
  }
  const { currency, unitPrices } = developmentSeeds.prices;
  const prices = Object.entries(unitPrices).map(([name, price]): [Metric, bigint] => [metric(name), price]);
  await config.addPriceBook({ version: 1, effectiveAt: instantOf(0), currency, unitPrices: new Map(prices) });
  client.destroy();
}

function tenantId(text: string): TenantId {
  const tenant = parseTenantId(text);
  if (tenant === undefined) throw new Error(`The seed names ${text}, which is no tenant id.`);
  return tenant;
}

function webhookKeyId(text: string): WebhookKeyId {
  const keyId = parseWebhookKeyId(text);
  if (keyId === undefined) throw new Error(`The seed names ${text}, which is no webhook key's id.`);
  return keyId;
}

function metric(text: string): Metric {
  const parsed = parseMetric(text);
  if (parsed === undefined) throw new Error(`The seed names ${text}, which is no metric.`);
  return parsed;
}
