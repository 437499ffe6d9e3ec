import type { WebhookKeyId } from '../../domain/ids.ts';
import { seal, sealKeys, unseal } from '../../secrets/seal.ts';
import { KeyRegister } from '../../storage/key-register.ts';
import { webhookKeyKey } from '../../storage/keys.ts';
import { type WebhookKey, webhookKeyItem, webhookKeyOf } from '../../storage/webhook-keys.ts';
import type { World } from '../../world.ts';
import type { KeyKind } from './key-kind.ts';
import type { KeyWish } from './key-request.ts';

/** Tells people and scanners what it is; it is part of the secret. */
const SECRET_PREFIX = 'whsec_';

/** Webhook keys: their secrets are kept sealed, always with the current seal secret, which is read for each. */
export function webhookKeyKind(
  { dynamodb, newSecret, readSealSecret }: Pick<World, 'dynamodb' | 'newSecret' | 'readSealSecret'>,
  configTable: string,
): KeyKind<WebhookKey, KeyWish> {
  const form = { keyOf: webhookKeyKey, itemOf: webhookKeyItem, read: webhookKeyOf };
  const keys = async () => sealKeys(await readSealSecret());
  return {
    idPrefix: 'whk_',
    register: new KeyRegister(dynamodb, configTable, form),
    newSecret: async (keyId) => {
      const shown = `${SECRET_PREFIX}${newSecret()}`;
      return { kept: seal(shown, keyId, await keys()), shown };
    },
    keepOn: async ({ keyId, current }) => {
      const sealing = await keys();
      const secret = unseal(current, keyId, sealing);
      return secret && seal(secret, keyId, sealing);
    },
    create: (_, key) => ({ ...key, keyId: key.keyId as WebhookKeyId }),
    details: () => ({}),
  };
}
