import { useEffect, useRef } from 'preact/hooks';
import { hrefOf, route } from '../routing/route.ts';
import { Section } from '../section.tsx';
import './books/books.css';
import './operate.css';
import { operatorSectionAt, operatorSections } from './sections.ts';

/** What an administrator does: the way around its parts, beside the one that is shown. */
export function Operate() {
  const here = operatorSectionAt(route.value.place);
  const content = useRef<HTMLElement>(null);
  const shown = useRef(here);
  useEffect(() => {
    document.title = `${here.title} – Operate – Zerosum console`;
    // Another part for who listens to it: the reading begins where its content does.
    if (shown.current !== here) content.current?.focus();
    shown.current = here;
  }, [here]);
  return (
    <div class="operate">
      <nav class="operate-sections" aria-label="Operate">
        {(['Books', 'Service'] as const).map((group) => (
          <ul key={group} aria-label={group}>
            {operatorSections
              .filter((section) => section.group === group)
              .map(({ id, title }) => (
                <li key={id}>
                  <a href={hrefOf(id)} {...(id === here.id && { 'aria-current': 'page' as const })}>
                    {title}
                  </a>
                </li>
              ))}
          </ul>
        ))}
      </nav>
      <section class="operate-content stack" ref={content} tabIndex={-1} aria-label={here.title}>
        <Section key={here.id} place={here} />
      </section>
    </div>
  );
}
