import { describe, expect, it } from 'vitest';
import { apiKeyHash, apiKeyText, parseApiKey } from '../../lambdas/domain/api-key.ts';
import { parseApiKeyId } from '../../lambdas/domain/ids.ts';
import { must } from '../support/events.ts';

const SECRET = '0123456789abcdef'.repeat(4);

describe('an API key', () => {
  it.each(['k', 'key-1', 'a_b', '_', '__', 'x_0123', `a_${SECRET.slice(0, 62)}`, 'Z'.repeat(64)])(
    'of the id %j is read as it was written, whatever _ the id has',
    (id) => {
      const keyId = must(parseApiKeyId(id));
      expect(parseApiKey(apiKeyText(keyId, SECRET))).toEqual({ keyId, secret: SECRET });
    },
  );

  it.each([
    '',
    'zs_',
    `zs_${SECRET}`,
    `zs__${SECRET}`,
    `zs_k_${SECRET}x`,
    `zs_k_${SECRET.slice(1)}`,
    `zs_k_${SECRET.toUpperCase()}`,
    `zs_k_${SECRET}\n`,
    `ZS_k_${SECRET}`,
    `k_${SECRET}`,
    `zs_k:x_${SECRET}`,
    `zs_${'k'.repeat(65)}_${SECRET}`,
  ])('is not %j', (text) => {
    expect(parseApiKey(text)).toBeUndefined();
  });

  it('is kept as the hash of its secret and its id, which no other key’s secret has', () => {
    expect(apiKeyHash('k', SECRET)).toBe('6d4db3bbaaa48fd2f0fa7be42d5088e9265bb9aa7d14132dcc95bb0d13ca90b6');
    expect(apiKeyHash('k', SECRET)).not.toBe(apiKeyHash('l', SECRET));
  });
});
