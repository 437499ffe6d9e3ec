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
  {
    foundBy: 'mutants: seals-before-the-gates-are-shut',
    fault: 'A close that sealed before the gates were shut passed every test: none had a charge in the last moment.',
    regression: 'test/admin/close.test.ts: seals what is posted to a lane until the moment its gate is shut',
  },
  {
    foundBy: 'mutants: takes-an-unseen-marker-for-none',
    fault:
      'An event whose marker DynamoDB did not send along could have been taken for new, and no test would have said so.',
    regression: 'test/consumer/lane.test.ts: is known also while DynamoDB never sends the marker in its way along',
  },
  {
    foundBy: 'mutants: takes-an-unseen-head-for-unmoved',
    fault: 'The same for a gate that was shut meanwhile.',
    regression: 'test/consumer/lane.test.ts: is passed over also while DynamoDB never sends the shut head along',
  },
  {
    foundBy: 'mutants: names-a-delivery-without-its-key',
    fault: 'Two providers’ deliveries could have shared an id: the test compared its own text with itself.',
    regression: 'test/domain/ids.test.ts: of one channel is never that of another, nor of another key',
  },
  {
    foundBy: 'mutants: lets-refusals-change-in-an-intake',
    fault: 'The guard could have let a refusal be planted in an intake and edited there.',
    regression: 'test/guard/guard-batch.test.ts: lets no refusal change anywhere else: an intake holds none',
  },
  {
    foundBy: 'mutants: meters-by-the-day-of-posting',
    fault: 'Usage could have been metered on the wrong day: the expected values came from the code under test.',
    regression:
      'test/domain/meter.test.ts: adds quantities and charges by metric, and by the day and hour of the event’s own date',
  },
  {
    foundBy: 'mutants: allows-no-difference-of-clocks',
    fault: 'A reconciliation could have cried wolf whenever two machines’ clocks differed.',
    regression:
      'test/reconcile/corrupted-records.test.ts: has none where the clocks of two functions differ by minutes',
  },
  {
    foundBy: 'mutants: posts-past-a-shut-gate, in the simulation',
    fault:
      'Fifteen simulated histories passed without the condition that shuts a month: its end was too quiet. Closes and charges of one tenant now meet in every rush.',
    regression: 'test/simulation/lies.test.ts: catch a month that changed after it was closed',
  },
  {
    foundBy: 'the profile of a simulation',
    fault:
      'A reconciliation read and parsed a page of ninety entries once for each of its markers; now once for all of them.',
    regression: 'test/reconcile/check-markers.test.ts: asks for a page once for all of its markers',
  },
];
