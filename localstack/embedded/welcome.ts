import type { DevelopmentTokens } from './dev-tokens.ts';
import { developmentSecrets, developmentSeeds } from './development.ts';

/** What a person who has just started the stack needs for a first charge. */
export function welcome(url: string, tokens: DevelopmentTokens): string {
  const { currency, unitPrices } = developmentSeeds.prices;
  const tenants = Object.entries(developmentSeeds.tenants).map(([id, name]) => `${id} (${name})`);
  const prices = Object.entries(unitPrices).map(([metric, price]) => `${metric} = ${price}`);
  const { whk_alpha_meterco: secret } = developmentSecrets.webhookKeys;
  return `
Tenants       ${tenants.join(', ')}
Webhook key   whk_alpha_meterco / ${secret.current} (tenant_alpha)
Prices        ${prices.join(', ')} (minor units, ${currency})
Alpha token   ${tokens.alpha}
Beta token    ${tokens.beta}
Admin token   ${tokens.admin}
Console       ${url}/console

A first charge, and the balance it leaves:

  curl -i ${url}/events -H 'Authorization: Bearer ${tokens.alpha}' \\
    -d '{"tenant":"tenant_alpha","metric":"api_call","quantity":100,"idempotency_key":"first"}'
  curl -i ${url}/balance -H 'Authorization: Bearer ${tokens.alpha}'

`;
}
