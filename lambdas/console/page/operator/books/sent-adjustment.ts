import type { TrialBalance } from '../../../../../client/types/api.ts';
import { stored } from '../../session/stored.ts';

/** The adjustment that was accepted last, to be sent again and seen charged once. */
export interface SentAdjustment {
  readonly tenant: string;
  readonly key: string;
  /** Minor units with their sign, as sent. */
  readonly amountMinor: string;
  /** The request, byte for byte. */
  readonly body: string;
  /** How often it was accepted. */
  readonly times: number;
  /** The tenant's books before it was first sent; null when they could not be read. */
  readonly before: TrialBalance | null;
}

export const sentAdjustment = stored<SentAdjustment | null>('adjustment.sent', null);
