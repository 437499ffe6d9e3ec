import type { JournalPage } from '../../lambdas/domain/page.ts';
import { type PayloadHash, payloadHash } from '../../lambdas/domain/usage-event.ts';
import { metric, quantity } from './events.ts';

/** A payload hash for each entry of a page, other for each tenant and id. */
export function hashesFor(page: JournalPage): PayloadHash[] {
  return page.entries.map((one) =>
    payloadHash({
      ...{ tenant: page.tenant, eventId: one.eventId, eventDate: null },
      ...{ metric: one.metric ?? metric('none'), quantity: one.quantity ?? quantity(1) },
    }),
  );
}
