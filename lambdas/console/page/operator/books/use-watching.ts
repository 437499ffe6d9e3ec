import { useEffect, useState } from 'preact/hooks';

/** Posting takes a second or so; who is slower than this has a reason, which asking on does not tell. */
const WATCH_MS = 30_000;

/**
 * Whether to look again and again, which ends by itself some time after the last occasion: an administrator's every
 * look is on record in the audit log.
 */
export function useWatching(occasion: string | number): boolean {
  const [isWatching, setWatching] = useState(true);
  useEffect(() => {
    setWatching(true);
    const timer = setTimeout(() => setWatching(false), WATCH_MS);
    return () => clearTimeout(timer);
  }, [occasion]);
  return isWatching;
}
