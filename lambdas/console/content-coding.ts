/** Whether an `Accept-Encoding` lets an answer be compressed with gzip (RFC 9110, 12.5.3). */
export function acceptsGzip(accepted = ''): boolean {
  const codings = accepted.split(',').map((entry) => {
    const [coding = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { coding, isRefused: weight !== undefined && Number(weight.slice(2)) === 0 };
  });
  const decisive = codings.find(({ coding }) => coding === 'gzip') ?? codings.find(({ coding }) => coding === '*');
  return decisive !== undefined && !decisive.isRefused;
}
