/** What a sender says of one event. */
export interface Payload {
  readonly tenant: string;
  /** With its channel: `api:k1`. */
  readonly eventId: string;
  readonly kind: 'usage' | 'adjustment';
  /** Of usage; an adjustment has none. */
  readonly metric: string | null;
  readonly quantity: bigint | null;
  /** When it was used; null where the sender says nothing. */
  readonly dateMs: number | null;
  /** Of an adjustment, with its reason. */
  readonly amountMinor: bigint | null;
  readonly reason: string | null;
}

/** Two payloads under one id are the same event if their faces are, else a conflict. */
export function faceOf(payload: Omit<Payload, 'tenant' | 'eventId'>): string {
  const { kind, metric, quantity, dateMs, amountMinor, reason } = payload;
  return [kind, metric, quantity, dateMs, amountMinor, reason].map(String).join('|');
}

/** A payload's name: ids are a tenant's own. */
export function nameOf({ tenant, eventId }: Pick<Payload, 'tenant' | 'eventId'>): string {
  return `${tenant} ${eventId}`;
}
