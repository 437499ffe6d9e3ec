import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { damagedKeyReport, type ReportDamagedKey, undamaged } from '../damaged-key.ts';
import { parseWebhookKeyId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { stillValid } from '../domain/issued-key.ts';
import { RecentKeys } from '../http/recent-keys.ts';
import type { SigningKey } from '../http/webhook-authentication.ts';
import { CachedSecret } from '../secrets/cached-secret.ts';
import { type SealedSecret, type SealKeys, seal, sealKeys, unseal } from '../secrets/seal.ts';
import type { ReadSealSecret } from '../secrets/secrets.ts';
import type { WebhookKey } from '../storage/webhook-keys.ts';
import type { Telemetry } from '../telemetry.ts';

/**
 * Only a record of ours that does not open makes us look again, and no caller writes those: so what was sealed anew after
 * a rotation is never out of order for longer.
 */
const SEAL_RECHECK_MS = 1_000;

/** Stands for every id that can be no key's; no key has it, since `.` is in none. */
const NO_KEY_ID = '.';

const DUMMY_SECRET_BYTES = 32;

interface Ports {
  readonly keys: { find(keyId: string): Promise<WebhookKey | undefined> };
  readonly readSealSecret: ReadSealSecret;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly telemetry: Telemetry;
}

/** A key with its secrets opened. */
interface OpenKey {
  readonly caller: SigningKey['caller'];
  readonly current: string;
  readonly previous: { readonly kept: string; readonly validUntil: Instant } | undefined;
}

/**
 * The secrets that deliveries are signed with, opened and kept for a few seconds. An id that is no valid key's takes the
 * same steps and gets secrets that nobody has, so that nothing tells it apart.
 */
export class WebhookSecrets {
  readonly #ports: Ports;
  readonly #sealKeys: CachedSecret<SealKeys>;
  readonly #recent: RecentKeys<OpenKey>;
  readonly #report: ReportDamagedKey;
  readonly #dummySecret = randomBytes(DUMMY_SECRET_BYTES).toString('hex');

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#report = damagedKeyReport(ports.telemetry, 'webhookKeysDamaged');
    this.#sealKeys = new CachedSecret(
      async () => sealKeys(await ports.readSealSecret()),
      () => ports.clock.nowMs(),
      SEAL_RECHECK_MS,
    );
    this.#recent = new RecentKeys(
      (keyId) => this.#read(keyId),
      ({ caller }) => caller !== undefined,
      () => ports.clock.nowMs(),
    );
  }

  /** Always two secrets, and the caller they speak for, if any. Throws when a table or the secret store does not answer. */
  async find(sentKeyId: string): Promise<SigningKey> {
    const keyId = parseWebhookKeyId(sentKeyId) ?? NO_KEY_ID;
    const { caller, current, previous } = await this.#recent.find(keyId);
    return { caller, secrets: [current, stillValid(previous, this.#ports.clock.nowMs()) ?? this.#dummySecret] };
  }

  async #read(keyId: string): Promise<OpenKey> {
    const found = await undamaged(this.#ports.keys, keyId, this.#report);
    const keys = await this.#sealKeys.cached();
    const isKey = found !== undefined && found.revokedAt === undefined;
    if (!isKey) {
      const secret = await this.#open(seal(this.#dummySecret, NO_KEY_ID, keys), NO_KEY_ID);
      return { caller: undefined, current: secret ?? this.#dummySecret, previous: undefined };
    }
    const current = await this.#open(found.current, found.keyId);
    const previous = found.previous && (await this.#open(found.previous.kept, found.keyId));
    return {
      caller: { keyId: found.keyId, tenant: found.tenant },
      current: current ?? this.#dummySecret,
      previous: found.previous && previous ? { kept: previous, validUntil: found.previous.validUntil } : undefined,
    };
  }

  async #open(sealed: SealedSecret, keyId: string): Promise<string | undefined> {
    const cached = await this.#sealKeys.cached();
    // It may be sealed with a secret of a moment ago: that is looked up again before the record is called damaged.
    const opened = unseal(sealed, keyId, cached) ?? unseal(sealed, keyId, await this.#sealKeys.recent());
    if (opened === undefined) this.#report(keyId, new Error('No seal secret opens it.'));
    return opened;
  }
}
