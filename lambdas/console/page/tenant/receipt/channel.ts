/** Who handed an event in, as its id says. */
export function channelOf(eventId: string): string {
  if (eventId.startsWith('adj:')) return 'an administrator, as an adjustment';
  const keyId = /^wh:([A-Za-z0-9_-]+):/.exec(eventId)?.[1];
  return keyId === undefined ? 'the tenant, over the API' : `a provider’s webhook, signed with the key ${keyId}`;
}
