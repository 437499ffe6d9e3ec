/** Lets the page load and call what is of its own origin, and nothing in it become script. */
const SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** With the document: what it may do, and that no other page gets hold of it. */
export const documentHeaders = {
  'content-security-policy': SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
} as const;

/** A year, the longest that caches heed (RFC 2616, 14.21, had it as the most). */
const CACHE_SECONDS = 31_536_000;

/** With what the document loads: its name says what is in it, so it is never asked for again. */
export const fileHeaders = {
  'cache-control': `public, max-age=${CACHE_SECONDS}, immutable`,
  'cross-origin-resource-policy': 'same-origin',
} as const;
