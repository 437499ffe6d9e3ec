import { Segments } from './parts/segments.tsx';
import { placeAt, places } from './places.ts';
import { hrefOf, route } from './routing/route.ts';
import { actAs, identities, identity } from './session/identity.ts';

/** The way around, and whom one acts as. */
export function Masthead() {
  const here = placeAt(route.value.place);
  const everybody = identities.value.map(({ id, label }) => [id, label] as const);
  return (
    <header class="masthead">
      <span class="brand">
        Zero<span>sum</span>
      </span>
      <nav class="places" aria-label="Console">
        {places.map(({ id, title }) => (
          <a key={id} href={hrefOf(id)} {...(id === here.id && { 'aria-current': 'page' as const })}>
            {title}
          </a>
        ))}
      </nav>
      {everybody.length > 0 && (
        <Segments legend="Act as" value={identity.value?.id ?? ''} options={everybody} onChange={actAs} />
      )}
    </header>
  );
}
