import type { Discrepancy } from '../../domain/discrepancy.ts';
import type { EventId } from '../../domain/ids.ts';
import type { Marker } from '../../storage/ledger.ts';
import type { Evidence } from './ports.ts';

/** Pages read at once: some of them are 30 KB. */
const PAGES_AT_ONCE = 25;

export type NamedMarker = Marker & { readonly eventId: EventId };

/** Which of these markers point at no entry. A page is committed together with its markers, so it must be there. */
export async function orphansAmong(markers: readonly NamedMarker[], { ledger }: Evidence): Promise<Discrepancy[]> {
  const orphans: Discrepancy[] = [];
  // Markers of one page side by side, so that it is read once and not for each of its ninety entries.
  const sorted = [...markers].sort(byPage);
  for (let start = 0; start < markers.length; start += PAGES_AT_ONCE) {
    const some = sorted.slice(start, start + PAGES_AT_ONCE);
    const pages = await ledger.pagesAt(some);
    for (const marker of some) {
      const page = pages.at(marker);
      // A damaged page is reported as what it is.
      if (page?.status === 'damaged') continue;
      const { tenant, eventId, period, lane, seq, index } = marker;
      if (page?.value.entries[index]?.eventId === eventId) continue;
      const message = 'its marker says it was posted here, and here it is not: nobody was charged';
      orphans.push({ type: 'orphan_marker', tenant, eventId, place: { period, lane, seq, index }, message });
    }
  }
  return orphans;
}

function byPage(one: NamedMarker, other: NamedMarker): number {
  const [left, right] = [pageName(one), pageName(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function pageName({ tenant, period, lane, seq }: NamedMarker): string {
  return `${tenant}#${period}#${lane}#${seq}`;
}
