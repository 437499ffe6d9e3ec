import { useEffect, useState } from 'preact/hooks';
import type { Statement } from '../../../../../client/types/api.ts';
import { identity } from '../../session/identity.ts';
import { openingMinor } from './opening.ts';

/**
 * What was owed when the month began: undefined until it is known, and where it can't be. It is read with the statement,
 * and again with it: something may have been posted to an earlier month.
 */
export function useOpening(period: string, statement: Statement | undefined): bigint | undefined {
  const mayRead = statement !== undefined && statement.lines.length > 0;
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
  }, [of, mayRead, statement]);
  return known?.of === of ? known.minor : undefined;
}
