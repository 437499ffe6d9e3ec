import { describe, expect, it } from 'vitest';
import { type GuardFinding, GuardFindings } from '../../lambdas/storage/guard-findings.ts';
import { markerKey, pageKey } from '../../lambdas/storage/keys.ts';
import type { ItemChange } from '../../lambdas/storage/stream-record.ts';
import { type Dynamodb, TABLES } from '../support/dynamodb.ts';
import { alpha, eventId, instant, laneKey } from '../support/events.ts';

/** What every engine must do for the guard's findings. */
export function guardFindingsRules(dynamodb: Dynamodb): void {
  describe('the guard’s findings', () => {
    const findings = () => new GuardFindings(dynamodb.client(), TABLES.operations);
    const [early, late] = [instant('2026-03-15T12:00:00Z'), instant('2026-03-15T12:00:01Z')];

    async function found(since?: GuardFinding['at']): Promise<GuardFinding[]> {
      const list: GuardFinding[] = [];
      for await (const finding of findings().guardFindings(since)) list.push(finding);
      return list;
    }

    it('are kept once each, with what their keys say, and listed by time', async () => {
      const page: ItemChange = {
        ...{ streamEventId: 'b', table: 'ledger', key: pageKey(laneKey(), 7), event: 'MODIFY' },
        ...{ at: late, before: { secret: 1 }, after: {}, changed: ['secret'] },
      };
      const marker: ItemChange = { ...page, streamEventId: 'a', key: markerKey(alpha, eventId('api:k')), at: early };
      const odd: ItemChange = {
        ...{ ...page, streamEventId: 'c', key: { pk: 'X', sk: '' }, event: 'REMOVE', after: undefined },
        changed: Array.from({ length: 200 }, (_, index) => `${index}${'💶'.repeat(5_000)}`),
      };
      for (const change of [page, marker, page, odd]) await findings().add(change);

      const [first, second, third] = await found();
      const { streamEventId: _, before: __, after: ___, ...pageFinding } = page;
      expect(first).toMatchObject({ key: marker.key, place: { tenant: alpha, eventId: 'api:k' } });
      expect(second).toEqual({ ...pageFinding, place: { ...laneKey(), seq: 7 } });
      expect(third).toMatchObject({ key: odd.key, event: 'REMOVE', place: undefined });
      expect(third?.changed).toHaveLength(100);
      expect(await found(late)).toEqual([second, third]);
      expect(await found(instant('2026-03-15T12:00:02Z'))).toEqual([]);
    });
  });
}
