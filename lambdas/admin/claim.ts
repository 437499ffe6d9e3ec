import { nowOf } from '../clock.ts';
import { epochMsOf, instantOf } from '../domain/instant.ts';
import { Problem } from '../http/problem.ts';
import type { Claim } from '../storage/closure-item.ts';
import type { ClosePorts, Month } from './close-ports.ts';

/**
 * The claim with which somebody may close the month: a fresh one, or one that takes over from a holder that is gone and
 * keeps the time at which the gates are shut. Throws a 409 while the holder may still be at work.
 */
export function newClaim(month: Month, held: Claim | undefined, ports: ClosePorts): Claim {
  if (held !== undefined && !isStale(held, ports)) throw beingClosed(month);
  const now = nowOf(ports.clock);
  return { id: ports.newClaimId(), claimedAt: now, closedAt: held?.closedAt ?? now };
}

export function isStale({ claimedAt }: Claim, { clock, claimMaxAgeMs }: ClosePorts): boolean {
  return clock.nowMs() - epochMsOf(claimedAt) > claimMaxAgeMs;
}

/** Puts the claim in the place where `held` was seen. False when somebody else was faster. */
export async function obtain(
  { tenant, period }: Month,
  held: Claim | undefined,
  claim: Claim,
  { closing, closures }: ClosePorts,
): Promise<boolean> {
  const isPut = held ? await closing.takeOver(tenant, period, held, claim) : await closing.claim(tenant, period, claim);
  if (isPut) return true;
  // The SDK may have repeated a put whose answer was lost: then what is in the way is this claim.
  const found = await closures.find(tenant, period);
  return found?.status === 'closing' && found.claim.id === claim.id;
}

/** Lets the next caller, or the schedule, go on at once: its holder has given up and says so. */
export async function release({ tenant, period }: Month, claim: Claim, ports: ClosePorts): Promise<void> {
  try {
    await ports.closing.takeOver(tenant, period, claim, { ...claim, claimedAt: longAgo });
  } catch (error) {
    // Whatever ended the close may end this too: then the claim becomes stale by itself.
    ports.telemetry.error('A claim could not be released.', error, { tenant, period });
  }
}

const longAgo = instantOf(0);

export function beingClosed({ tenant, period }: Month): Problem {
  return new Problem(
    'period_closed',
    `${period} of ${tenant} is being closed by another call: see its statement's status.`,
  );
}
