import { useEffect, useState } from 'preact/hooks';
import { useQuery } from '../../routing/use-query.ts';
import { dateOf, type Granularity, granularityOf, type Range, rangeOf, type Span, spanOf } from './span.ts';

/** How often to look whether a new bucket has begun. */
const LOOK_MS = 30_000;
const THIRTY_DAYS_MS = 30 * 86_400_000;

/** What of time is looked at, and how to change it: kept in the address. */
export interface SpanChoice {
  readonly range: Range;
  readonly setRange: (range: string) => void;
  readonly granularity: Granularity;
  readonly setGranularity: (granularity: string) => void;
  readonly from: string;
  readonly setFrom: (date: string) => void;
  readonly to: string;
  readonly setTo: (date: string) => void;
  /** Undefined while an own range is not complete. */
  readonly span: Span | undefined;
}

export function useSpan(): SpanChoice {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const [rangeText, setRange] = useQuery('range', 'thirty');
  const [by, setGranularity] = useQuery('by');
  const [from, setFrom] = useQuery('from', dateOf(nowMs - THIRTY_DAYS_MS));
  const [to, setTo] = useQuery('to', dateOf(nowMs));
  const range = rangeOf(rangeText);
  const granularity = granularityOf(range, by);
  const span = spanOf(range, granularity, { from, to }, nowMs);
  return { range, setRange, granularity, setGranularity, from, setFrom, to, setTo, span };
}
