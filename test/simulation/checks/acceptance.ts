import type { Sent } from '../model/claims.ts';
import { acceptedOf } from '../model/model.ts';
import { type Evidence, postedByName } from './evidence.ts';
import type { Violations } from './violation.ts';

/** I2, I3 and I4: what each sender was told holds, and is all that holds. */
export function checkAcceptance(evidence: Evidence, violations: Violations): void {
  const { claims, records, books } = evidence;
  const posted = postedByName(books);
  for (const [name, sent] of claims) {
    checkAnswers(name, sent, evidence, violations);
    checkRecord(name, sent, evidence, violations);
    const entries = posted.get(name)?.length ?? 0;
    violations.expect(entries <= 1, 'I2', `${name} is charged ${entries} times`);
    if (records.has(name)) {
      violations.expect(entries > 0, 'I3', `${name} is on record and was neither posted nor refused for a true reason`);
    }
  }
  for (const name of posted.keys()) {
    violations.expect(records.has(name), 'I2', `${name} is charged and was never taken in`);
  }
  for (const name of records.keys()) {
    violations.expect(claims.has(name), 'I5', `${name} is on record and nobody sent it`);
  }
  // Nothing in a run can't be charged in the end: whoever calls a refusal final says what is not true.
  for (const refusal of books.refusals) {
    violations.expect(refusal['is_final'] !== true, 'I3', `${refusal['pk']} ${refusal['sk']}: ${refusal['reason']}`);
  }
}

/** One payload alone is ever accepted under an id, and a conflict is only with another one. */
function checkAnswers(name: string, sent: readonly Sent[], evidence: Evidence, violations: Violations): void {
  const { records } = evidence;
  const accepted = new Set(sent.filter(({ told }) => told === 'accepted').map(({ face }) => face));
  violations.expect(accepted.size <= 1, 'I4', `${name} was accepted as ${[...accepted].join(' and as ')}`);
  for (const each of sent) {
    const { face, told } = each;
    if (told === 'refused') {
      violations.expect(!isPriced(each, evidence), 'contract', `${name} was refused as malformed, and is not: ${face}`);
    }
    if (told !== 'conflict') continue;
    const stands = records.get(name)?.face;
    violations.expect(
      stands !== undefined && stands !== face,
      'I4',
      `${name} was called a conflict, and no other payload is on record: ${face}`,
    );
  }
}

/** Whether its metric had a price when it was sent, whatever clock looked. */
function isPriced({ payload, sentMs }: Sent, { setting, skewMs }: Evidence): boolean {
  const inForce = setting.prices.filter(({ fromMs }) => fromMs <= sentMs - skewMs).at(-1);
  return payload.metric === null || inForce?.unitPrices[payload.metric] !== undefined;
}

function checkRecord(name: string, sent: readonly Sent[], { records, skewMs }: Evidence, violations: Violations): void {
  const record = records.get(name);
  const accepted = acceptedOf(sent);
  if (record === undefined) {
    violations.expect(accepted === undefined, 'I3', `${name} was accepted and is neither posted nor refused`);
    return;
  }
  const own = sent.filter(({ face }) => face === record.face);
  violations.expect(own.length > 0, 'I4', `${name} is on record as nobody sent it: ${record.face}`);
  const possible = own.filter(({ told }) => told === 'accepted' || told === 'unknown');
  violations.expect(possible.length > 0, 'I4', `${name} is on record, and its sender was told no`);
  if (accepted !== undefined) {
    violations.expect(
      own.some(({ told }) => told === 'accepted'),
      'I4',
      `${name} is on record with another payload than was accepted`,
    );
  }
  const firstMs = Math.min(...own.map(({ sentMs }) => sentMs)) - skewMs - 1;
  violations.expect(record.receivedMs >= firstMs, 'contract', `${name} is dated before it was sent`);
}
