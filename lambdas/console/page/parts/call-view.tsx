import { useMemo, useState } from 'preact/hooks';
import type { Call } from '../api/call.ts';
import { curlOf, withoutToken } from '../api/curl.ts';
import { identities } from '../session/identity.ts';
import { Code } from './code.tsx';
import { CopyButton } from './copy-button.tsx';
import { Status } from './status.tsx';
import { timeOf } from './time-of.ts';

/** One call in a line; opened, the command that makes it again, what was sent and what came back. */
export function CallView({ call, isOpen = false }: { readonly call: Call; readonly isOpen?: boolean }) {
  // An answer may be a thousand lines long, and most are never looked at.
  const [isShown, setShown] = useState(isOpen);
  const { pathname, search } = new URL(call.url);
  return (
    <details class="call" open={isOpen} onToggle={({ currentTarget }) => setShown(currentTarget.open)}>
      <summary>
        <code>
          {call.method} {pathname}
          {search}
        </code>
        <Status status={call.status} />
        <span class="faint">
          {timeOf(call.startedAtMs)}, {Math.round(call.tookMs)} ms, as {call.actor}
        </span>
      </summary>
      {isShown && <CallDetails call={call} />}
    </details>
  );
}

function CallDetails({ call: made }: { readonly call: Call }) {
  // A token that was forgotten is nowhere to be seen any more.
  const isHeld = identities.value.some(({ token }) => token === made.token);
  const call = useMemo(() => (isHeld ? made : withoutToken(made)), [made, isHeld]);
  const [showsToken, setShowsToken] = useState(false);
  const hasToken = call.token !== undefined;
  const isKept = !hasToken && call.requestHeaders['authorization'] !== undefined;
  // A list of many is drawn again at each letter of its filter.
  const [command, answer] = useMemo(() => [curlOf(call, showsToken), answerOf(call)], [call, showsToken]);
  return (
    <div class="stack">
      <div class="spread">
        <h3>The command</h3>
        <span class="row">
          {hasToken && (
            <label>
              <input
                type="checkbox"
                checked={showsToken}
                onChange={({ currentTarget }) => setShowsToken(currentTarget.checked)}
              />{' '}
              show the token
            </label>
          )}
          <CopyButton text={curlOf(call, true)} label={hasToken ? 'Copy, token and all' : 'Copy'} />
        </span>
      </div>
      <Code text={command} label="The same call with curl" />
      {isKept && (
        <p class="faint">
          Its token was not kept with it: set <code>ZEROSUM_TOKEN</code> to make it again, as {call.actor}.
        </p>
      )}
      <h3>The answer</h3>
      <Code text={answer} label="The answer" />
    </div>
  );
}

function answerOf({ status, headers, json, text, problem }: Call): string {
  if (status === 0) return problem?.detail ?? '';
  const shown = ['content-type', 'x-request-id', 'etag', 'retry-after'].filter((name) => headers[name] !== undefined);
  const lines = shown.map((name) => `${name}: ${headers[name]}`);
  return [`HTTP ${status}`, ...lines, '', json === undefined ? text : JSON.stringify(json, null, 2)].join('\n');
}
