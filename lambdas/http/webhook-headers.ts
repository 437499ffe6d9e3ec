/** Which key a delivery is signed with, in either form. */
export const KEY_ID_HEADER = 'x-key-id';

/** Our own form of a signature. */
export const TIMESTAMP_HEADER = 'x-timestamp';
export const SIGNATURE_HEADER = 'x-signature';

/** The form of Standard Webhooks (standardwebhooks.com), which needs our key id besides. */
export const STANDARD_ID_HEADER = 'webhook-id';
export const STANDARD_TIMESTAMP_HEADER = 'webhook-timestamp';
export const STANDARD_SIGNATURE_HEADER = 'webhook-signature';

export const WEBHOOK_HEADERS = [
  KEY_ID_HEADER,
  TIMESTAMP_HEADER,
  SIGNATURE_HEADER,
  STANDARD_ID_HEADER,
  STANDARD_TIMESTAMP_HEADER,
  STANDARD_SIGNATURE_HEADER,
] as const;
