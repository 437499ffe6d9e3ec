import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { identity } from '../session/identity.ts';
import { type Call, type CallRequest, call } from './call.ts';

/** Counts what has changed the ledger from here; every read that is shown is then made again. */
const changes = signal(0);

/** To be called after anything that may have moved money, or what a read shows. */
export function somethingChanged(): void {
  changes.value += 1;
}

/** A read on the page: the last answer, and whether another is on its way. */
export interface Read<Answer> {
  /** The last good answer; it stays while another is asked for, so that nothing flickers. */
  readonly answer: Answer | undefined;
  /** The last call, good or bad; its `problem` says why there is no answer. */
  readonly call: Call | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

export interface ReadOptions {
  /** Asks again so often while the page is looked at. */
  readonly everyMs?: number;
  /** Whether to wait with asking. */
  readonly isOff?: boolean;
}

/**
 * Reads from the API as whoever one acts as, and again when that, the request or the ledger changes. An answer that
 * arrives after a newer request was made is dropped.
 */
export function useRead<Answer>(request: CallRequest, { everyMs, isOff = false }: ReadOptions = {}): Read<Answer> {
  const [state, setState] = useState<Omit<Read<Answer>, 'reload'>>(nothing);
  const [asked, setAsked] = useState(0);
  const who = request.token === undefined ? identity.value?.token : request.token;
  const key = `${who}\n${request.method} ${request.path}?${JSON.stringify(request.query)}`;
  const lastKey = useRef('');
  const turn = `${key}\n${changes.value}\n${asked}`;
  useEffect(() => {
    if (isOff) return;
    const aborting = new AbortController();
    // Another's answer is never shown as one's own.
    if (lastKey.current !== key) setState(nothing);
    lastKey.current = key;
    const ask = async (isRepeat: boolean): Promise<void> => {
      if (!isRepeat) setState((before) => ({ ...before, isLoading: true }));
      const made = await call({ ...request, isRepeat, signal: aborting.signal }).catch(() => undefined);
      if (made === undefined || aborting.signal.aborted) return;
      setState((before) => ({
        answer: made.problem === undefined ? (made.json as Answer) : isRepeat ? before.answer : undefined,
        call: made,
        isLoading: false,
      }));
    };
    void ask(false);
    const timer = everyMs && setInterval(() => document.hidden || void ask(true), everyMs);
    return () => {
      aborting.abort();
      clearInterval(timer || undefined);
    };
  }, [turn, isOff, everyMs]);
  return { ...state, reload: () => setAsked((count) => count + 1) };
}

const nothing = { answer: undefined, call: undefined, isLoading: true };
