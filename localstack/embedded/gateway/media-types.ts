/** Whether a media type such as `image/png; q=1` is one of those an API treats as binary, `type/*` wildcards included. */
export function isBinary(mediaType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  // API Gateway takes a request without a type for JSON.
  const type = (mediaType ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
  return binaryMediaTypes.some((declared) => {
    const pattern = declared.toLowerCase();
    return pattern === '*/*' || pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1)));
  });
}
