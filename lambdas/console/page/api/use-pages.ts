import { useEffect, useState } from 'preact/hooks';
import { type Call, type CallRequest, call } from './call.ts';
import { useRead } from './use-read.ts';

interface Paged {
  readonly next_cursor?: string;
}

/** A list that comes in pages. */
export interface Pages<Page> {
  readonly pages: readonly Page[];
  /** The last call, good or bad. */
  readonly call: Call | undefined;
  readonly isLoading: boolean;
  /** Asks for the next page; undefined when there is none. */
  readonly more: (() => Promise<void>) | undefined;
}

/** Reads a list's first page, and the others when asked to. When the first is read again, the others go. */
export function usePages<Page extends Paged>(request: CallRequest): Pages<Page> {
  const first = useRead<Page>(request);
  const [others, setOthers] = useState<readonly Page[]>([]);
  const [last, setLast] = useState<Call>();
  const [isLoading, setLoading] = useState(false);
  // What followed another first page is no part of this one.
  useEffect(() => {
    setOthers([]);
    setLast(undefined);
  }, [first.answer]);
  const pages = first.answer === undefined ? [] : [first.answer, ...others];
  const cursor = pages.at(-1)?.next_cursor;
  const more = async (): Promise<void> => {
    setLoading(true);
    const made = await call({ ...request, query: { ...request.query, cursor } });
    setLast(made);
    if (made.problem === undefined) setOthers([...others, made.json as Page]);
    setLoading(false);
  };
  return {
    pages,
    call: last ?? first.call,
    isLoading: isLoading || first.isLoading,
    more: cursor === undefined ? undefined : more,
  };
}
