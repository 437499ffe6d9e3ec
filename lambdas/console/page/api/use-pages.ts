import { useRef, useState } from 'preact/hooks';
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

/** Pages that follow a first one, which they are listed with. */
interface Following<Page> {
  readonly first: Page | undefined;
  readonly others: readonly Page[];
  readonly call: Call;
}

/** Reads a list's first page, and the others when asked to. When the first is read again, the others go. */
export function usePages<Page extends Paged>(request: CallRequest): Pages<Page> {
  const first = useRead<Page>(request);
  const [held, setHeld] = useState<Following<Page>>();
  const [isLoading, setLoading] = useState(false);
  const shown = useRef<Page | undefined>(undefined);
  shown.current = first.answer;
  // What followed another first page is no part of this one.
  const { others = [], call: last } = held?.first === first.answer ? (held ?? {}) : {};
  const pages = first.answer === undefined ? [] : [first.answer, ...others];
  const cursor = pages.at(-1)?.next_cursor;
  const more = async (): Promise<void> => {
    setLoading(true);
    const made = await call({ ...request, query: { ...request.query, cursor } });
    setLoading(false);
    if (shown.current !== first.answer) return;
    const added = made.problem === undefined ? [made.json as Page] : [];
    setHeld({ first: first.answer, others: [...others, ...added], call: made });
  };
  return {
    pages,
    call: last ?? first.call,
    isLoading: isLoading || first.isLoading,
    more: cursor === undefined ? undefined : more,
  };
}
