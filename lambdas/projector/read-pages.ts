import type { JournalPage, LaneKey } from '../domain/page.ts';
import { DamagedItemError } from '../storage/item.ts';
import type { ProjectorPorts } from './ports.ts';

/**
 * A lane's pages from one sequence to another, in order, from the ledger itself. A page that is gone or can't be read is
 * reported and left out: the journal is wrong there, which reconcile finds, and the pages behind it must not wait.
 */
export async function* readPages(
  lane: LaneKey,
  fromSeq: number,
  toSeq: number,
  ports: Pick<ProjectorPorts, 'ledger' | 'telemetry'>,
): AsyncGenerator<JournalPage> {
  let next = fromSeq;
  while (next <= toSeq) {
    try {
      for await (const page of ports.ledger.pages(lane, next, toSeq)) {
        if (page.seq < next || page.seq > toSeq) throw new DamagedItemError(`A page claims to be page ${page.seq}.`);
        for (; next < page.seq; next += 1) reportMissing(lane, next, ports, new Error('The page is gone.'));
        yield page;
        next = page.seq + 1;
      }
      for (; next <= toSeq; next += 1) reportMissing(lane, next, ports, new Error('The page is gone.'));
    } catch (error) {
      if (!(error instanceof DamagedItemError)) throw error;
      // The listing does not say which of its items it failed at: the next one by itself does.
      const page = await readPage(lane, next, ports);
      if (page !== undefined) yield page;
      next += 1;
    }
  }
}

async function readPage(
  lane: LaneKey,
  seq: number,
  ports: Pick<ProjectorPorts, 'ledger' | 'telemetry'>,
): Promise<JournalPage | undefined> {
  try {
    const page = await ports.ledger.page(lane, seq);
    if (page?.seq === seq) return page;
    reportMissing(lane, seq, ports, new Error(page ? `It claims to be page ${page.seq}.` : 'The page is gone.'));
  } catch (error) {
    if (!(error instanceof DamagedItemError)) throw error;
    reportMissing(lane, seq, ports, error);
  }
  return undefined;
}

function reportMissing(lane: LaneKey, seq: number, { telemetry }: Pick<ProjectorPorts, 'telemetry'>, cause: Error) {
  telemetry.count('pagesUncounted');
  telemetry.error('The usage meters leave out a page: reconcile its lane, then rebuild the meters.', cause, {
    ...lane,
    seq,
  });
}
