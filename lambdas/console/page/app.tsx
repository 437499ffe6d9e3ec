import { useEffect, useRef } from 'preact/hooks';
import { Masthead } from './masthead.tsx';
import { placeAt } from './places.ts';
import { route } from './routing/route.ts';
import { Section } from './section.tsx';
import { identity } from './session/identity.ts';
import { SignIn } from './session/sign-in.tsx';

/** The console: whom one acts as and where one is, above what is there. */
export function App() {
  const place = placeAt(route.value.place);
  const main = useRef<HTMLElement>(null);
  const shown = useRef(place);
  useEffect(() => {
    document.title = `${place.title} – Zerosum console`;
    // Another page for who listens to it: the reading begins where its content does.
    if (shown.current !== place) main.current?.focus();
    shown.current = place;
  }, [place]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Masthead />
      <main id="content" ref={main} tabIndex={-1}>
        <h1 class="visually-hidden">{place.title}</h1>
        {identity.value === undefined ? <SignIn /> : <Section key={place.id} place={place} />}
      </main>
    </>
  );
}
