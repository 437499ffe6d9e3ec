import type { Call } from './call.ts';
import { withoutToken } from './curl.ts';

/** Enough for every answer one reads; a statement of a thousand lines would leave no room for other calls. */
const MOST_CHARACTERS = 8_000;

const TOO_LONG = 'This answer was too long to be kept over a reload: make the call again to read it.';

/** What stands for a secret that is shown once. */
const WITHHELD = '(shown once, and not kept)';

/** A call as it is kept over a reload: without its credential, without a secret it was answered, and bounded. */
export function keptCall(call: Call): Call {
  const { text, json, ...rest } = withoutToken(call);
  if (text.length > MOST_CHARACTERS) return { ...rest, text: TOO_LONG, json: undefined };
  const kept = withheld(json);
  // Of what is JSON the text is not shown beside it.
  return kept === undefined ? { ...rest, text, json } : { ...rest, text: '', json: kept };
}

/** The same answer without the secrets in it, which the contract calls `secret` wherever it hands one out. */
function withheld(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withheld);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name === 'secret' ? WITHHELD : withheld(member)]),
  );
}
