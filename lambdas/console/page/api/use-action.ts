import { useState } from 'preact/hooks';
import { identity } from '../session/identity.ts';
import { type Call, type CallRequest, call } from './call.ts';
import { somethingChanged } from './use-read.ts';

/** Something one does on the page: its last call, and how to do it. */
export interface Action {
  readonly call: Call | undefined;
  readonly isBusy: boolean;
  /** Makes the call; whatever the page shows is read again after it. */
  readonly run: (request: CallRequest) => Promise<Call>;
  readonly forget: () => void;
}

export function useAction(): Action {
  const [made, setMade] = useState<{ readonly by: string | undefined; readonly call: Call }>();
  const [isBusy, setBusy] = useState(false);
  const run = async (request: CallRequest): Promise<Call> => {
    const by = identity.peek()?.token;
    setBusy(true);
    try {
      const done = await call(request);
      setMade({ by, call: done });
      if (request.method !== 'GET') somethingChanged();
      return done;
    } finally {
      setBusy(false);
    }
  };
  // What somebody else did is not shown as one's own.
  const own = made?.by === identity.value?.token ? made?.call : undefined;
  return { call: own, isBusy, run, forget: () => setMade(undefined) };
}
