/** A fault that the proof found and that is mended. */
export interface Finding {
  readonly foundBy: string;
  /** What was wrong, and what it would have done to somebody. */
  readonly fault: string;
  /** The test that failed before it was mended, and fails again should it come back. */
  readonly regression: string;
}

export const findings: readonly Finding[] = [
  {
    foundBy: 'fuzz: a garbled token on a path that does not decode',
    fault:
      'Who had no credential was told 404 and not 401 for `GET /events/%`: the path was read before the credential was asked for.',
    regression: 'test/http/router.test.ts: asks for the credential before it looks at a path it cannot decode',
  },
  {
    foundBy: 'fuzz: a raw request without a host',
    fault:
      'The embedded gateway answered with the bare 400 of its HTTP server: no problem document, no request id to ask about.',
    regression: 'test/localstack/gateway-responses.test.ts: so is what HTTP/1.1 itself refuses',
  },
  {
    foundBy: 'fuzz: a raw request with an unknown expectation',
    fault: 'The embedded gateway refused it with a bare 417, a status that the contract does not have.',
    regression: 'test/localstack/gateway-responses.test.ts: an expectation nobody knows is no reason to refuse',
  },
];
