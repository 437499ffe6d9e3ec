import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ProblemView } from './parts/problem-view.tsx';
import type { Place } from './places.ts';

/** What did not load is not lost: the console itself is there, and another try may do. */
const NOT_LOADED = {
  title: 'This part of the console did not load',
  status: 0,
  detail: 'Load the page again; after a deployment its parts have new names.',
};

/** A part of the console, once it is there. */
export function Section({ place }: { readonly place: Place }) {
  const [View, setView] = useState<ComponentType>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    place.load().then(
      (view) => setView(() => view),
      () => setFailed(true),
    );
  }, [place]);
  if (hasFailed) return <ProblemView problem={NOT_LOADED} />;
  return View === undefined ? <p class="faint">Loading …</p> : <View />;
}
