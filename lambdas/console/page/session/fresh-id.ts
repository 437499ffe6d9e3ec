/** An id that nobody has used: 48 random bits, also where the browser withholds `randomUUID`. */
export function freshId(prefix: string): string {
  return `${prefix}-${hex(crypto.getRandomValues(new Uint8Array(6)))}`;
}

/** Bytes as lowercase hex. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
