import { isKeepableText } from './ids.ts';

/** A line on an invoice is no longer. */
export const TENANT_NAME_MAX_BYTES = 200;

/** A customer's name, for people: 1..200 bytes of well-formed UTF-8 without NUL. */
export function parseTenantName(text: string): string | undefined {
  return isKeepableText(text, TENANT_NAME_MAX_BYTES) ? text : undefined;
}
