import { describe, expect, it } from 'vitest';
import type { Evidence } from './checks/evidence.ts';
import { Violations } from './checks/violation.ts';
import { answered, ofBooks, ofFirstEntry, ofFirstPage, said, statement, toldOtherwise, truth } from './lying.ts';
import type { Item, Tables } from './model/books.ts';
import type { Sent } from './model/claims.ts';
import { checkEvidence } from './run.ts';

const isAccepted = ({ told }: Sent) => told === 'accepted';

const lies: readonly { readonly name: string; readonly lie: () => Partial<Evidence>; readonly caught: RegExp }[] = [
  {
    name: 'an entry that does not balance',
    lie: () => ofFirstEntry(({ postings }) => ({ postings: postings.slice(1) })),
    caught: /^I1 .* does not net to zero/,
  },
  {
    name: 'an entry against another account',
    lie: () =>
      ofFirstEntry(({ postings }) => ({
        postings: postings.map((each) => (each.account === 'receivable' ? each : { ...each, account: 'elsewhere' })),
      })),
    caught: /^I1 .* moves elsewhere \S+, receivable/,
  },
  {
    name: 'an event charged twice',
    lie: () => ofFirstPage(({ entries }) => ({ entries: [...entries, ...entries] })),
    caught: /^I2 .* is charged 2 times/,
  },
  {
    name: 'an event charged that nobody sent',
    lie: () => ofFirstEntry(() => ({ event_id: 'api:nobody' })),
    caught: /^I2 .*api:nobody is charged/,
  },
  {
    name: 'a wrong amount',
    lie: () =>
      ofFirstEntry(({ postings }) => ({
        postings: postings.map((each) => ({ ...each, amount_minor: each.amount_minor * 2n })),
      })),
    caught: /^I2 .* is charged \S+ instead of/,
  },
  {
    name: 'a wrong quantity',
    lie: () => ofFirstEntry(() => ({ quantity: 49n, metric: 'api_call' })),
    caught: /^I2 .* is entered as/,
  },
  {
    name: 'a wrong price version',
    lie: () => ofFirstEntry(() => ({ price_version: 9n })),
    caught: /^I2 .* is rated at version 9/,
  },
  {
    name: 'an entry in a month before its own',
    lie: () => ofFirstPage(() => ({ period: '2001-01' })),
    caught: /^I7 .* before its month/,
  },
  {
    name: 'an entry past a month that is open',
    lie: () => ofFirstPage(() => ({ period: '2999-01' })),
    caught: /^I7 .* which was open/,
  },
  {
    name: 'an entry past a month that was closed only later',
    lie: () =>
      ofBooks(({ closures }) => ({
        closures: closures.map((each) => ({ ...each, item: { ...each.item, closed_at: '2999-01-01T00:00:00.000Z' } })),
      })),
    caught: /^I7 .* which was open/,
  },
  {
    name: 'a page lost',
    lie: () => ofBooks(({ pages }) => ({ pages: pages.slice(1) })),
    caught: /^I3 .* was neither posted nor refused/,
  },
  {
    name: 'a record lost',
    lie: () => ({ records: new Map([...truth.evidence.records].slice(1)) }),
    caught: /^I2 .* was never taken in/,
  },
  {
    name: 'an accepted event lost whole',
    lie: () => ({ records: new Map(), charges: new Map(), ...ofBooks(() => ({ pages: [], markers: [] })) }),
    caught: /^I3 .* was accepted and is neither posted nor refused/,
  },
  {
    name: 'two payloads accepted under one id',
    lie: () => toldOtherwise(isAccepted, 'accepted', { face: 'another' }),
    caught: /^I4 .* was accepted as .* and as another/,
  },
  {
    name: 'a conflict with nothing',
    lie: () => toldOtherwise(isAccepted, 'conflict'),
    caught: /^I4 .* was called a conflict/,
  },
  {
    name: 'a refusal of what is right',
    lie: () => toldOtherwise(isAccepted, 'refused'),
    caught: /^contract .* was refused as malformed/,
  },
  {
    name: 'a refusal without a reason that is true',
    lie: () => ofBooks(() => ({ refusals: [{ pk: 'R#alpha#00', sk: 'api:k', is_final: true, reason: 'none' }] })),
    caught: /^I3 R#alpha#00 api:k: none/,
  },
  {
    name: 'a record of nobody',
    lie: () => ({ claims: new Map([...truth.evidence.claims].slice(1)) }),
    caught: /^I5 .* is on record and nobody sent it|^I2/,
  },
  {
    name: 'a marker that points elsewhere',
    lie: () =>
      ofBooks(({ markers: [first, ...others] }) => ({ markers: first ? [{ ...first, seq: 99 }, ...others] : [] })),
    caught: /^I9 the marker of/,
  },
  {
    name: 'a marker missing',
    lie: () => ofBooks(({ markers }) => ({ markers: markers.slice(1) })),
    caught: /^I9 \d+ markers of/,
  },
  { name: 'a gap', lie: () => ofFirstPage(() => ({ seq: 99 })), caught: /^I9 .* has page 99 in place of/ },
  {
    name: 'totals that are not the sum',
    lie: () => ofFirstPage(() => ({ totals: { receivable: 1n, revenue: -1n, adjustments: 0n } })),
    caught: /^I6 .* has other totals than its entries/,
  },
  {
    name: 'a head behind its pages',
    lie: () => ofBooks(({ heads }) => ({ heads: heads.map((head) => ({ ...head, nextSeq: head.nextSeq - 1 })) })),
    caught: /^I6 .* the head is not at the last page/,
  },
  {
    name: 'a head with another chain',
    lie: () => ofBooks(({ heads }) => ({ heads: heads.map((head) => ({ ...head, chain: 'other' })) })),
    caught: /^I9 .* the last page's hash/,
  },
  {
    name: 'a balance that drifted',
    lie: () => ofBooks(({ heads }) => ({ heads: heads.map((head) => ({ ...head, totals: {} })) })),
    caught: /^I6 .* the head has other totals/,
  },
  {
    name: 'an item of nobody',
    lie: () => ofBooks(() => ({ strange: [{ pk: 'X#', sk: 'y' }] })),
    caught: /^I9 nobody writes X#/,
  },
  {
    name: 'a gate open in a closed month',
    lie: () => ofBooks(({ heads }) => ({ heads: heads.map((head) => ({ ...head, isShut: false })) })),
    caught: /^I7 .* not every gate/,
  },
  {
    name: 'a close not finished',
    lie: () =>
      ofBooks(({ closures }) => ({ closures: closures.map((each) => ({ ...each, item: { status: 'closing' } })) })),
    caught: /^I7 .* is still closing/,
  },
  { name: 'a close lost', lie: () => ofBooks(() => ({ closures: [] })), caught: /^I7 .* was called closed and is not/ },
  {
    name: 'a seal over something else',
    lie: () =>
      ofBooks(({ closures }) => ({
        closures: closures.map((each) => ({ ...each, item: { ...each.item, entry_count: 77n } })),
      })),
    caught: /^I7 .* sealed with another count/,
  },
  {
    name: 'two winners of a close',
    lie: () => ({ performances: [...truth.evidence.performances, ...truth.evidence.performances] }),
    caught: /^I7 .* was closed by 2 winners/,
  },
  {
    name: 'an answer that is not of the contract',
    lie: () => answered('send', () => ({ status: 418 })),
    caught: /^contract POST .* was answered 418/,
  },
  {
    name: 'a refusal that wrote something',
    lie: () =>
      answered('send', ({ headers }) => ({
        status: 409,
        body: '{"status":409}',
        headers: { ...headers, 'content-type': 'application/problem+json' },
        writes: ['UsageIntake PutItem'],
      })),
    caught: /^contract .* and wrote UsageIntake PutItem/,
  },
  {
    name: 'a refusal that is no problem document',
    lie: () => answered('send', () => ({ status: 409 })),
    caught: /no problem document/,
  },
  {
    name: 'an answer that is no JSON',
    lie: () => answered('read', () => ({ body: '<html>' })),
    caught: /with no JSON/,
  },
  {
    name: 'a line of another tenant',
    lie: () => answered('statement', () => ({ body: statement({ txn_id: 'txn_other' }, '5') })),
    caught: /^I5 .* which is not its own/,
  },
  {
    name: 'a total that is not the sum of its lines',
    lie: () => answered('statement', () => ({ body: statement(undefined, '5') })),
    caught: /^I6 the statement of .* lists 0 of 5/,
  },
  {
    name: 'an accepted event not found',
    lie: () => answered('receipt', () => ({ status: 404 })),
    caught: /^I3 .* was accepted and not found|^contract/,
  },
  {
    name: 'a receipt over another amount',
    lie: () => answered('receipt', () => ({ body: '{"status":"posted","amount_minor":"-1"}' })),
    caught: /^I6 .* has a receipt over -1/,
  },
];

describe('the checks', () => {
  it('have nothing to say to the truth', () => expect(said({})).toEqual([]));

  it.each(lies)('catch $name', ({ lie, caught }) => {
    expect(said(lie()).filter((line) => caught.test(line))).not.toEqual([]);
  });

  it('catch an entry of the audit log that is missing, and a call that is not in it', () => {
    const isEntry = (item: Item) => String(item['pk']).startsWith('AUDIT#ADMIN#2');
    const tables: Tables = (table) => truth.tables(table).filter((item) => !isEntry(item) || item['number'] !== 1n);
    const violations = new Violations();
    checkEvidence({ ...truth, tables }, violations);
    const texts = violations.all.map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringMatching(/^AUDIT#ADMIN#\S+ has no entry 1$/));
    const empty = new Violations();
    checkEvidence({ ...truth, tables: (table) => (table === 'Operations' ? [] : truth.tables(table)) }, empty);
    expect(empty.all).toContainEqual({
      invariant: 'I9',
      text: expect.stringMatching(/of an administrator .* is not in the audit log/),
    });
  });

  it('catch a false alarm, and let a true one pass', () => {
    const found = (type: string): Tables => {
      const finding = { pk: 'FINDING#LEDGER', sk: 'id', type };
      return (table) => (table === 'Operations' ? [...truth.tables(table), finding] : truth.tables(table));
    };
    const texts = (tables: Tables) => {
      const violations = new Violations();
      checkEvidence({ ...truth, tables }, violations);
      return violations.all.map(({ text }) => text);
    };
    expect(texts(found('gap'))).toContainEqual(expect.stringMatching(/^a false alarm: .*gap/));
    expect(texts(found('unsettled'))).toEqual([]);
  });

  it('catch a month that changed after it was closed', () => {
    const closed = new Map([...truth.closed.keys()].map((name) => [name, 'as it was']));
    expect(said({}, closed)).toContainEqual(expect.stringMatching(/^I7 .* changed after it was closed/));
  });
});
