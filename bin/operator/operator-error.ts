/** What keeps an operator's command from being done: one or two sentences that say what is wrong and what to do. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/** What an operator is told of anything thrown: our own words, or AWS's for what we don't expect. */
export function told(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const isCredentials = error.name === 'CredentialsProviderError' || /credential/i.test(error.message);
  if (isCredentials) return `AWS takes no credentials from this shell: sign in, or set AWS_PROFILE. (${error.message})`;
  if (/region is missing/i.test(error.message))
    return 'No AWS region is set: AWS_REGION must be the one the stage lies in.';
  return `${error.name}: ${error.message}`;
}
