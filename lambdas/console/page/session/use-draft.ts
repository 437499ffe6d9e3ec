import type { Signal } from '@preact/signals';
import { stored } from './stored.ts';

const drafts = new Map<string, Signal<string>>();

/** What someone is typing into a field, kept over a reload. One name is one draft, wherever it is shown. */
export function useDraft(name: string, initial = ''): [string, (value: string) => void] {
  let draft = drafts.get(name);
  if (draft === undefined) {
    draft = stored(`draft.${name}`, initial);
    drafts.set(name, draft);
  }
  const held = draft;
  return [
    held.value,
    (value) => {
      held.value = value;
    },
  ];
}
