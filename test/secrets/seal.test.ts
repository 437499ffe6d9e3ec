import { describe, expect, it } from 'vitest';
import { seal, sealKeys, unseal } from '../../lambdas/secrets/seal.ts';

const keys = sealKeys({ current: 'seal-secret' });
const SECRET = 'whsec_é_1';

describe('a sealed secret', () => {
  it('opens with the seal secret and for its own place alone', () => {
    const sealed = seal(SECRET, 'whk_a', keys);
    expect(unseal(sealed, 'whk_a', keys)).toBe(SECRET);
    expect(unseal(sealed, 'whk_b', keys)).toBeUndefined();
    expect(unseal(sealed, 'whk_a', sealKeys({ current: 'another' }))).toBeUndefined();
  });

  it('shows nothing of itself, and never looks the same twice', () => {
    const [first, second] = [seal(SECRET, 'whk_a', keys), seal(SECRET, 'whk_a', keys)];
    expect(first).not.toBe(second);
    for (const sealed of [first, second]) {
      expect(Buffer.from(sealed.slice(3), 'base64url').includes('whsec')).toBe(false);
    }
  });

  it('opens while the seal secret is being rotated, and is sealed with the new one', () => {
    const rotated = sealKeys({ current: 'new', previous: 'seal-secret' });
    expect(unseal(seal(SECRET, 'whk_a', keys), 'whk_a', rotated)).toBe(SECRET);
    expect(unseal(seal(SECRET, 'whk_a', rotated), 'whk_a', sealKeys({ current: 'new' }))).toBe(SECRET);
    expect(unseal(seal(SECRET, 'whk_a', keys), 'whk_a', sealKeys({ current: 'new' }))).toBeUndefined();
  });

  it('does not open with any of its bytes changed, cut or added', () => {
    const sealed = seal(SECRET, 'whk_a', keys);
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    const damaged = [...bytes.keys()].map((index) => {
      const copy = Buffer.from(bytes);
      copy[index] = (copy[index] ?? 0) ^ 1;
      return copy;
    });
    for (const each of [...damaged, bytes.subarray(1), bytes.subarray(0, -1), Buffer.concat([bytes, bytes])]) {
      expect(unseal(`v1.${each.toString('base64url')}`, 'whk_a', keys)).toBeUndefined();
    }
  });

  it.each(['', 'v1.', 'v1.AAAA', 'v2.AAAA', SECRET, 'v1.🙂'])('is not %j', (text) => {
    expect(unseal(text, 'whk_a', keys)).toBeUndefined();
  });
});
