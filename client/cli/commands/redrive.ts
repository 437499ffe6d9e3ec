import type { ZerosumClient } from '../../client.ts';
import type { Redriven } from '../../types/api.ts';
import { command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import { rowsOf } from '../pages.ts';
import { argument, argumentList, flag } from '../parameters.ts';

/** What one request takes. */
const EVENTS_AT_ONCE = 100;

type Result = Redriven['results'][number];

const SAYS: Readonly<Record<Result['status'], string>> = {
  redriven: 'on its way again',
  already_posted: 'posted already, and charged nothing',
  unknown: 'nothing was accepted under this id',
  damaged: 'its record is not what was accepted: reconcile first',
  not_sent: 'the queue did not take it: give the command again',
};

const GOOD: ReadonlySet<Result['status']> = new Set(['redriven', 'already_posted']);

export const redrive = command({
  name: 'redrive',
  group: 'Administration',
  credential: 'admin',
  summary: 'Try dead letters again',
  description: 'As they were accepted. What is posted already is charged nothing, however often it is redriven.',
  arguments: {
    tenant: argument('<tenant>', 'whose events'),
    eventIds: argumentList('[event_id...]', 'which, as dead-letters names them'),
  },
  options: { all: flag('--all', "all of the tenant's dead letters") },
  examples: [
    { line: 'redrive tenant_alpha api:first', says: 'one event; it is charged once, whatever happens' },
    { line: 'redrive tenant_alpha --all', says: 'once their cause is mended' },
  ],
  async work(client, { tenant, eventIds, all }, output) {
    if (all !== (eventIds.length === 0)) throw new UsageError('Name the events, or give --all.');
    let code: ExitCode = EXIT.ok;
    const answers = redriven(client, tenant, all ? await deadLettersOf(client, tenant) : eventIds);
    const noted = noting(answers, (result) => {
      if (!GOOD.has(result.status)) code = EXIT.failed;
    });
    if (output.isJson) for await (const answer of noted) await output.answer(answer);
    else {
      const columns = [
        { title: 'EVENT', cell: ({ event_id }: Result) => event_id },
        { title: 'STATUS', cell: ({ status }: Result) => status },
        { title: '', cell: ({ status }: Result) => SAYS[status] },
      ];
      await output.table(
        columns,
        rowsOf(noted, ({ results }) => results),
        'There are no dead letters.',
      );
    }
    return code;
  },
});

async function deadLettersOf(client: ZerosumClient, tenant: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { event_id } of client.deadLetters({ tenant })) if (event_id !== null) ids.push(event_id);
  return ids;
}

async function* redriven(client: ZerosumClient, tenant: string, ids: readonly string[]): AsyncGenerator<Redriven> {
  for (let start = 0; start < ids.length; start += EVENTS_AT_ONCE) {
    yield await client.redrive({ tenant, event_ids: ids.slice(start, start + EVENTS_AT_ONCE) });
  }
}

async function* noting(answers: AsyncIterable<Redriven>, note: (result: Result) => void): AsyncGenerator<Redriven> {
  for await (const answer of answers) {
    answer.results.forEach(note);
    yield answer;
  }
}
