/** The development world: two tenants, one webhook key and one price book in whole cents (the contract's development seeds). */
export const developmentSeeds = {
  tenants: { tenant_alpha: 'Alpha Corp', tenant_beta: 'Beta Industries' },
  webhookKeys: { whk_alpha_meterco: 'tenant_alpha' },
  prices: { currency: 'USD', unitPrices: { api_call: 1n, storage_gb_hour: 5n } },
} as const;

/** What stands in for Secrets Manager on this machine, and is a secret nowhere. */
export const developmentSecrets = {
  jwt: { current: 'dev_jwt_secret_1' },
  webhookSeal: { current: 'dev_webhook_seal_secret_1' },
  webhookKeys: { whk_alpha_meterco: { current: 'whsec_dev_alpha_meterco_1' } },
} as const satisfies {
  jwt: object;
  webhookSeal: object;
  webhookKeys: Record<keyof typeof developmentSeeds.webhookKeys, object>;
};
