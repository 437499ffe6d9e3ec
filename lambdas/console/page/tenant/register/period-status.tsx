import type { Statement } from '../../../../../client/types/api.ts';

const MEANINGS = {
  open: ['', 'open', 'More may still be posted.'],
  closing: ['warn', 'closing', 'It is being sealed: nothing more is posted to it.'],
  closed: ['good', 'closed', 'It is sealed, and reads the same for ever.'],
} as const;

/** How far the month is on the way to being closed, and what that means. */
export function PeriodStatus({ status }: Pick<Statement, 'status'>) {
  const [tone, name, meaning] = MEANINGS[status];
  return (
    <span>
      <span class={`chip ${tone}`}>{name}</span> <span class="faint">{meaning}</span>
    </span>
  );
}
