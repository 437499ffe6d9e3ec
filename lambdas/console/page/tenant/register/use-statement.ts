import { useEffect, useRef, useState } from 'preact/hooks';
import type { Statement, StatementLine } from '../../../../../client/types/api.ts';
import { type Call, call } from '../../api/call.ts';
import { useRead } from '../../api/use-read.ts';

/** A month's statement, as far as it has been read. */
export interface StatementRead {
  /** The first page, with what holds for the whole month. */
  readonly statement: Statement | undefined;
  /** The lines read, the oldest first. */
  readonly lines: readonly StatementLine[];
  /** Whether that is all of them. */
  readonly isWhole: boolean;
  readonly isLoading: boolean;
  /** Whether all others are being read. */
  readonly isReadingOn: boolean;
  /** The last call, good or bad. */
  readonly call: Call | undefined;
  /** Reads on, to the end or one page; gives the lines if these are all. */
  readonly readOn: (toTheEnd: boolean) => Promise<readonly StatementLine[] | undefined>;
  readonly stop: () => void;
  /** Begins anew: a listing is fixed when it begins. */
  readonly again: () => void;
}

/** Pages that follow a first one, which they are listed with. */
interface Following {
  readonly first: Statement | undefined;
  readonly pages: readonly Statement[];
  readonly call: Call | undefined;
}

const none: Following = { first: undefined, pages: [], call: undefined };

/** A month's statement, a page of a thousand lines at a time, each with the event it is of. */
export function useStatement(period: string): StatementRead {
  const request = { method: 'GET', path: '/statement' } as const;
  const query = { period, include: 'event_id' };
  const { answer: first, call: firstCall, isLoading, reload } = useRead<Statement>({ ...request, query });
  const [held, setHeld] = useState(none);
  const [isReadingOn, setReadingOn] = useState(false);
  const reading = useRef<AbortController | undefined>(undefined);
  const following = held.first === first ? held : none;
  const pages = first === undefined ? [] : [first, ...following.pages];
  const lines = useLines(pages);
  const token = firstCall?.token ?? null;
  // Reading on ends with the month and with whom one acts as, and where nobody looks any more.
  useEffect(() => () => reading.current?.abort(), [token, period]);

  const readOn = async (toTheEnd: boolean) => {
    if (first === undefined) return undefined;
    reading.current?.abort();
    const aborting = new AbortController();
    reading.current = aborting;
    setReadingOn(true);
    const read = [...pages];
    let cursor = read.at(-1)?.next_cursor;
    while (cursor !== undefined && !aborting.signal.aborted) {
      const next = { ...request, query: { ...query, cursor }, token, signal: aborting.signal };
      const made = await call(next).catch(() => undefined);
      if (made === undefined) break;
      if (made.problem !== undefined) {
        setHeld({ first, pages: read.slice(1), call: made });
        break;
      }
      const page = made.json as Statement;
      read.push(page);
      cursor = page.next_cursor;
      setHeld({ first, pages: read.slice(1), call: made });
      if (!toTheEnd) break;
    }
    if (reading.current === aborting) setReadingOn(false);
    return cursor === undefined ? read.flatMap((page) => page.lines) : undefined;
  };
  return {
    statement: first,
    lines,
    isWhole: first !== undefined && pages.at(-1)?.next_cursor === undefined,
    isLoading,
    isReadingOn,
    call: following.call ?? firstCall,
    readOn,
    stop: () => reading.current?.abort(),
    again: reload,
  };
}

/** The pages' lines in one list, which stays the same one while no page is added. */
function useLines(pages: readonly Statement[]): readonly StatementLine[] {
  const held = useRef<{ first: Statement | undefined; count: number; lines: readonly StatementLine[] } | undefined>(
    undefined,
  );
  const [first] = pages;
  if (held.current?.first !== first || held.current?.count !== pages.length) {
    held.current = { first, count: pages.length, lines: pages.flatMap((page) => page.lines) };
  }
  return held.current.lines;
}
