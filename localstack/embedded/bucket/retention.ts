import * as z from 'zod';
import { accessDenied, invalidArgument } from './errors.ts';

/** Until when, as an ISO timestamp, a version can be neither changed nor deleted. */
export const retentionSchema = z.object({ mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), until: z.string() });
export type Retention = z.infer<typeof retentionSchema>;

/** What a bucket gives each new version that asks for nothing else. */
export const defaultRetentionSchema = z.object({
  mode: retentionSchema.shape.mode,
  days: z.int().positive().optional(),
  years: z.int().positive().optional(),
});
export type DefaultRetention = z.infer<typeof defaultRetentionSchema>;

/** The retention a version gets that is put now. */
export function retentionFrom({ mode, days = 0, years = 0 }: DefaultRetention, now: Date): Retention {
  const until = new Date(now);
  until.setUTCDate(until.getUTCDate() + days);
  until.setUTCFullYear(until.getUTCFullYear() + years);
  return { mode, until: until.toISOString() };
}

/** Reads a retention somebody asks for. Throws `InvalidArgument` unless it lies in the future. */
export function parseRetention(mode: string | undefined, until: string | undefined, now: Date): Retention {
  const parsed = retentionSchema.safeParse({ mode, until });
  if (!parsed.success) throw invalidArgument('Give a mode, GOVERNANCE or COMPLIANCE, with a date until when.');
  const untilMs = Date.parse(parsed.data.until);
  if (Number.isNaN(untilMs)) throw invalidArgument('The retain until date must be provided in ISO 8601 format');
  if (untilMs <= now.getTime()) throw invalidArgument('The retain until date must be in the future!');
  return { mode: parsed.data.mode, until: new Date(untilMs).toISOString() };
}

/**
 * Whether a version may be deleted, or given `next` instead of the retention it has (Amazon S3 User Guide, "Locking
 * objects with Object Lock", retention modes): nobody may shorten or lift COMPLIANCE, and GOVERNANCE only who bypasses
 * it. Throws `AccessDenied` if not.
 */
export function checkChange(
  current: Retention | undefined,
  next: Retention | undefined,
  { now, bypassesGovernance }: { now: Date; bypassesGovernance: boolean },
): void {
  if (current === undefined || Date.parse(current.until) <= now.getTime()) return;
  const isAtLeastAsLong = next !== undefined && Date.parse(next.until) >= Date.parse(current.until);
  const isAtLeastAsStrict = next?.mode === current.mode || next?.mode === 'COMPLIANCE';
  if (isAtLeastAsLong && isAtLeastAsStrict) return;
  if (current.mode === 'GOVERNANCE' && bypassesGovernance) return;
  throw accessDenied();
}
