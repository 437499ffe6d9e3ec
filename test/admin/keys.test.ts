import { describe, expect, it } from 'vitest';
import { revokeKey, rotateKey } from '../../lambdas/admin/keys/change-key.ts';
import { webhookKeyKind } from '../../lambdas/admin/keys/webhook-key-kind.ts';
import { parseWebhookKeyId } from '../../lambdas/domain/ids.ts';
import { seal, sealKeys, unseal } from '../../lambdas/secrets/seal.ts';
import type { RotatingSecret } from '../../lambdas/secrets/secrets.ts';
import type { RevisionWrite } from '../../lambdas/storage/revision.ts';
import type { WebhookKey } from '../../lambdas/storage/webhook-keys.ts';
import type { World as Outside } from '../../lambdas/world.ts';
import { alpha, instant, must, NOW_MS } from '../support/events.ts';
import { httpRequest } from '../support/http-requests.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const keyId = must(parseWebhookKeyId('whk_a'));
const OLD: RotatingSecret = { current: 'seal-1' };

class World {
  issued: WebhookKey;
  revision = 3;
  /** What somebody else does just before the next write. */
  meanwhile: (() => void) | undefined;
  readonly #kind;
  readonly #ports = { tenants: { tenant: async () => ({}) }, clock: new VirtualClock(NOW_MS), newId: () => 'id' };

  constructor(sealedBy: RotatingSecret, sealSecret: RotatingSecret) {
    this.issued = { keyId, tenant: alpha, current: seal('whsec_first', keyId, sealKeys(sealedBy)) };
    let secrets = 0;
    const outside = {
      dynamodb: undefined as unknown as Outside['dynamodb'],
      newSecret: () => String(++secrets).padStart(64, '0'),
      readSealSecret: async () => sealSecret,
    };
    const register = {
      find: async () => ({ issued: this.issued, revision: this.revision }),
      page: async () => ({ keys: [], hasMore: false }),
      put: async (issued: WebhookKey, { after }: RevisionWrite) => {
        this.meanwhile?.();
        this.meanwhile = undefined;
        if (after !== this.revision) return false;
        this.issued = issued;
        this.revision += 1;
        return true;
      },
    };
    this.#kind = { ...webhookKeyKind(outside, 'config'), register };
  }

  rotate(overlapSeconds: number, ifMatch = '"3"') {
    const request = httpRequest('POST', '/', { headers: { 'if-match': ifMatch } });
    return rotateKey({ keyId, overlapSeconds }, request, { kind: this.#kind, ports: this.#ports });
  }

  revoke() {
    const request = httpRequest('DELETE', '/', { headers: { 'if-match': '"3"' } });
    return revokeKey(keyId, request, { kind: this.#kind, ports: this.#ports });
  }
}

/** What a seal secret alone opens of a key. */
const opened = ({ current, previous }: WebhookKey, by: RotatingSecret) =>
  [current, previous?.kept].map((text) => text && unseal(text, keyId, sealKeys(by)));

describe('a webhook key that is rotated', () => {
  it('lies sealed with the current seal secret, also what was sealed with the one before', async () => {
    const world = new World(OLD, { current: 'seal-2', previous: OLD.current });
    const secret = `whsec_${'1'.padStart(64, '0')}`;
    expect(await world.rotate(60)).toMatchObject({ body: { secret } });
    expect(opened(world.issued, { current: 'seal-2' })).toEqual([secret, 'whsec_first']);
    expect(opened(world.issued, OLD)).toEqual([undefined, undefined]);
    expect(world.issued.previous?.validUntil).toBe(instant('2026-03-15T12:01:00Z'));
  });

  it('has a new secret alone when the one before opens no more, or is to end at once', async () => {
    for (const [sealedBy, overlap] of [
      [{ current: 'lost' }, 60],
      [OLD, 0],
    ] as const) {
      const world = new World(sealedBy, OLD);
      expect(await world.rotate(overlap)).toMatchObject({ body: { previous_valid_until: null, etag: '"4"' } });
      expect(opened(world.issued, OLD)).toEqual([`whsec_${'1'.padStart(64, '0')}`, undefined]);
    }
  });

  it('by two at once is rotated by one, unless the other takes it as it comes', async () => {
    const racing = new World(OLD, OLD);
    racing.meanwhile = () => {
      racing.revision += 1;
    };
    await expect(racing.rotate(60)).rejects.toMatchObject({ kind: 'precondition_failed' });
    racing.meanwhile = () => {
      racing.revision += 1;
    };
    expect(await racing.rotate(60, '*')).toMatchObject({ body: { etag: '"6"' } });
  });
});

describe('a webhook key that is revoked', () => {
  it('keeps nothing of its secrets, and nothing that the seal secret does not open', async () => {
    const world = new World({ current: 'lost' }, OLD);
    expect(await world.revoke()).toMatchObject({ body: { revoked_at: '2026-03-15T12:00:00.000Z', etag: '"4"' } });
    expect(opened(world.issued, OLD)).toEqual([expect.stringMatching(/^whsec_0{63}1$/), undefined]);
    const revoked = { ...world.issued };
    world.revision = 3;
    await world.revoke();
    expect(world.issued).toEqual(revoked);
  });
});
