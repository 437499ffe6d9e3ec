import { useEffect, useState } from 'preact/hooks';
import { identity } from '../../session/identity.ts';
import { openingMinor } from './opening.ts';

/** What was owed when the month began: undefined until it is known, and where it can't be. */
export function useOpening(period: string, mayRead: boolean): bigint | undefined {
  const [known, setKnown] = useState<{ readonly of: string; readonly minor: bigint }>();
  const of = `${identity.value?.token}\n${period}`;
  useEffect(() => {
    if (!mayRead) return;
    const aborting = new AbortController();
    openingMinor(period, Date.now(), aborting.signal).then(
      (minor) => setKnown(minor === undefined ? undefined : { of, minor }),
      () => {
        // Aborted: another month is shown by now.
      },
    );
    return () => aborting.abort();
  }, [of, mayRead]);
  return known?.of === of ? known.minor : undefined;
}
