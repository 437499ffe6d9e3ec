import type { DeadLetter } from '../../types/api.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { rowsOf } from '../pages.ts';
import { option } from '../parameters.ts';
import { utc } from '../text/moment.ts';
import type { Column } from '../text/table.ts';

export const deadLetters = command({
  name: 'dead-letters',
  group: 'Administration',
  credential: 'admin',
  summary: 'List what was accepted and could not be posted',
  description:
    'refused: it can never be posted as it is. undelivered: the sweep will try it again. given_up: the sweep has tried often ' +
    'enough. unreadable: a message from which no event could be read.',
  options: { tenant: option('--tenant <tenant>', "one tenant's, by time; without it, everybody's") },
  examples: [
    { line: 'dead-letters', says: "everybody's" },
    { line: 'dead-letters --tenant tenant_alpha', says: "one tenant's" },
  ],
  async work(client, { tenant }, output) {
    const pages = client.deadLetters({ ...(tenant !== undefined && { tenant }) }).pages();
    if (output.isJson) for await (const page of pages) await output.answer(page);
    else
      await output.table(
        columns,
        rowsOf(pages, (page) => page.dead_letters),
        'None: all that was accepted is posted, or on its way.',
      );
    return EXIT.ok;
  },
});

const columns: readonly Column<DeadLetter>[] = [
  { title: 'TENANT', cell: ({ tenant }) => tenant },
  { title: 'EVENT', cell: (letter) => ('message_id' in letter ? `message ${letter.message_id}` : letter.event_id) },
  { title: 'STATUS', cell: ({ status }) => status },
  { title: 'TRIED', align: 'right', cell: ({ attempts }) => attempts.toString() },
  { title: 'FIRST (UTC)', cell: ({ first_failed_at }) => utc(first_failed_at) },
  { title: 'LAST (UTC)', cell: ({ last_failed_at }) => utc(last_failed_at) },
  { title: 'REASON', cell: ({ reason }) => reason },
];
