import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Call } from '../api/call.ts';
import { CallView } from './call-view.tsx';

interface Props {
  readonly title: string;
  /** Beside the title: a figure, or what there is to choose. */
  readonly aside?: ComponentChildren;
  /** What the panel shows or did, with the command that does the same. */
  readonly call?: Call | undefined;
  readonly children: ComponentChildren;
}

/** One thing of the console, under its title, with the call it rests on. */
export function Panel({ title, aside, call, children }: Props) {
  const id = useId();
  return (
    <section class="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
      {call && <CallView call={call} />}
    </section>
  );
}
