import { DamagedItemError } from './storage/item.ts';
import type { MetricKey, Telemetry } from './telemetry.ts';

/** Says loudly that a key's record was damaged or tampered with. */
export type ReportDamagedKey = (keyId: string, error: unknown) => void;

export function damagedKeyReport(telemetry: Telemetry, metric: MetricKey): ReportDamagedKey {
  return (keyId, error) => {
    telemetry.count(metric);
    telemetry.error('A key cannot be used: its record was damaged or tampered with.', error, { key_id: keyId });
  };
}

/** The key; one whose record is damaged is nobody's to a caller, whatever it is to us. */
export async function undamaged<Key>(
  keys: { find(keyId: string): Promise<Key | undefined> },
  keyId: string,
  report: ReportDamagedKey,
): Promise<Key | undefined> {
  try {
    return await keys.find(keyId);
  } catch (error) {
    if (!(error instanceof DamagedItemError)) throw error;
    report(keyId, error);
    return undefined;
  }
}
