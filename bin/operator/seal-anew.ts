import { seal, sealKeys, unseal } from '../../lambdas/secrets/seal.ts';
import type { Sealed, SealedSecrets } from '../../lambdas/storage/sealed-secrets.ts';
import type { KeptSecret } from './kept-secret.ts';

/** Rounds over the keys: whoever changes one meanwhile seals it with the current secret, so a second finds nothing. */
const ROUNDS = 3;

/**
 * Seals everything anew that the previous secret still seals, with the current one, which every function knows by now.
 * Gives how many records changed, and the ids of those that neither secret opens: they open for nobody as it is.
 */
export async function sealAnew(
  records: SealedSecrets,
  secret: KeptSecret,
): Promise<{ readonly changed: number; readonly unopened: readonly string[] }> {
  let changed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const unopened = new Set<string>();
    let isDone = true;
    for await (const record of records.all()) {
      const after = sealedByCurrent(record, secret);
      if (after === 'unopened') unopened.add(record.keyId);
      else if (after === undefined) continue;
      else if (await records.replace(record, after)) changed += 1;
      else isDone = false;
    }
    if (isDone) return { changed, unopened: [...unopened] };
  }
  throw new Error('Webhook keys change faster than they can be sealed anew: try again in a moment.');
}

/** The record's seals with the current secret; undefined where they are already. */
function sealedByCurrent(
  { keyId, current, previous }: Sealed,
  secret: KeptSecret,
): Pick<Sealed, 'current' | 'previous'> | 'unopened' | undefined {
  const [own, both] = [sealKeys({ current: secret.current }), sealKeys(secret)];
  const texts = [current, previous].filter((text) => text !== undefined);
  if (texts.every((text) => unseal(text, keyId, own) !== undefined)) return undefined;
  const opened = texts.map((text) => unseal(text, keyId, both));
  if (opened.some((text) => text === undefined)) return 'unopened';
  const [first = '', second] = opened.map((text = '') => seal(text, keyId, own));
  return { current: first, previous: second };
}
