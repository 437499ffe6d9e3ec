import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
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
  const [held, setHeld] = useState<Held<Answer>>({ key: '', ...nothing });
  const [asked, setAsked] = useState(0);
  const who = request.token === undefined ? identity.value?.token : request.token;
  const key = `${who}\n${request.method} ${request.path}?${JSON.stringify(request.query)}`;
  const turn = `${key}\n${changes.value}\n${asked}`;
  // Another's answer, or that to another request, is never shown as this one's: not even until the effect has run.
  const { answer, call: made, isLoading } = held.key === key ? held : nothing;
  useEffect(() => {
    if (isOff) return;
    const aborting = new AbortController();
    let isAsking = false;
    const ask = async (isRepeat: boolean): Promise<void> => {
      // Of two under way at once, the older might be answered last.
      if (isAsking) return;
      isAsking = true;
      if (!isRepeat) setHeld((before) => ({ ...(before.key === key ? before : nothing), key, isLoading: true }));
      const done = await call({ ...request, isRepeat, signal: aborting.signal }).catch(() => undefined);
      isAsking = false;
      if (done === undefined || aborting.signal.aborted) return;
      setHeld((before) => ({
        key,
        answer: done.problem === undefined ? (done.json as Answer) : isRepeat ? before.answer : undefined,
        call: done,
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
  return { answer, call: made, isLoading, reload: () => setAsked((count) => count + 1) };
}

/** What came of a request, by which one. */
interface Held<Answer> extends Omit<Read<Answer>, 'reload'> {
  readonly key: string;
}

const nothing = { answer: undefined, call: undefined, isLoading: true };
