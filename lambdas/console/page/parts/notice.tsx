import type { ComponentChildren } from 'preact';

interface Props {
  readonly tone?: 'good' | 'warn' | 'bad' | '';
  readonly children: ComponentChildren;
}

/** Something to know. It is announced when it appears. */
export function Notice({ tone = '', children }: Props) {
  return (
    <div class={`notice ${tone}`} role="status">
      {children}
    </div>
  );
}
