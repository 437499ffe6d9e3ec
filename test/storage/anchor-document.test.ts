import { describe, expect, it } from 'vitest';
import { type Anchor, type AnchorHash, anchorText } from '../../lambdas/domain/anchor.ts';
import { anchorOf, DamagedAnchorError } from '../../lambdas/storage/anchor-document.ts';
import { alpha, beta, lane, NOW, period } from '../support/events.ts';
import { numberedLane } from '../support/lanes.ts';

const HASH = 'ab'.repeat(32);
const { head } = numberedLane([1, 2]);

const anchor: Anchor = {
  kind: 'run',
  at: NOW,
  previous: { key: 'runs/2026-03-15T11:00:00.000Z-r1-0001.json', hash: HASH as AnchorHash },
  heads: [
    { tenant: alpha, period: period('2026-03'), lane: lane(3), seq: 2, chain: head.chain },
    { tenant: beta, period: period('2026-02'), lane: lane(16), seq: 9, chain: head.chain },
  ],
  seals: [{ tenant: alpha, period: period('2026-02'), hash: HASH }],
  intake: [{ source: 'usage', span: '2026-03-14', count: 3, digest: HASH }],
};

describe('an anchor’s text', () => {
  it('says all of the anchor and comes back as the same', () => {
    expect(anchorOf(anchorText(anchor))).toEqual(anchor);
    const close: Anchor = { ...anchor, kind: 'close', previous: null, intake: [] };
    expect(anchorOf(anchorText(close))).toEqual(close);
  });

  const altered: [string, (document: ReturnType<typeof parsed>) => unknown][] = [
    ['another version', (document) => ({ ...document, version: 2 })],
    ['another kind', (document) => ({ ...document, kind: 'note' })],
    ['a field too many', (document) => ({ ...document, note: 'x' })],
    ['a head with a field too many', ({ heads, ...rest }) => ({ ...rest, heads: [{ ...heads[0], note: 'x' }] })],
    ['a lane that does not exist', ({ heads, ...rest }) => ({ ...rest, heads: [{ ...heads[0], lane: 17 }] })],
    ['a sequence of zero', ({ heads, ...rest }) => ({ ...rest, heads: [{ ...heads[0], seq: 0 }] })],
    ['a hash cut short', ({ heads, ...rest }) => ({ ...rest, heads: [{ ...heads[0], chain: HASH.slice(1) }] })],
    ['a month that does not exist', ({ seals, ...rest }) => ({ ...rest, seals: [{ ...seals[0], period: '2026-13' }] })],
    ['an intake nobody has', ({ intake, ...rest }) => ({ ...rest, intake: [{ ...intake[0], source: 'webhook' }] })],
    ['no heads', ({ heads: _, ...rest }) => rest],
    ['more heads than any has', (document) => ({ ...document, heads: Array(1_001).fill(document.heads[0]) })],
  ];

  it.each(altered)('is refused with %s', (_, alter) => {
    expect(() => anchorOf(JSON.stringify(alter(parsed())))).toThrow(DamagedAnchorError);
  });

  it.each([
    ['no JSON', 'PK\u0003\u0004'],
    ['nothing', ''],
    ['a list', '[]'],
    ['spaces between', JSON.stringify(JSON.parse(anchorText(anchor)), null, 1)],
    ['fields in another order', JSON.stringify({ kind: 'run', version: 1, ...parsed() }).replace('{"version":1,', '{')],
  ])('is refused when it is %s', (_, text) => {
    expect(() => anchorOf(text)).toThrow(DamagedAnchorError);
  });

  function parsed() {
    return JSON.parse(anchorText(anchor)) as { heads: object[]; seals: object[]; intake: object[] };
  }
});
