import type { Receipt } from '../../../../../client/types/api.ts';
import { useRead } from '../../api/use-read.ts';
import { Notice } from '../../parts/notice.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { identities } from '../../session/identity.ts';
import { useWatching } from './use-watching.ts';

/** Until it is settled, which takes a second or so. */
const REFRESH_MS = 1_000;

/** A token of the tenant, if this tab has one: receipts are for tenants alone. */
export function tokenOf(tenant: string): string | undefined {
  return identities.value.find(({ facts }) => facts.tenant === tenant)?.token;
}

/** What became of a tenant's event, by its receipt; nothing where no token of the tenant is at hand. */
export function ReceiptLine({ tenant, eventId }: { readonly tenant: string; readonly eventId: string }) {
  const token = tokenOf(tenant) ?? null;
  const { answer, call } = useRead<Receipt>(
    { method: 'GET', path: `/events/${encodeURIComponent(eventId)}`, token },
    { isOff: token === null, ...(useWatching(eventId) && { everyMs: REFRESH_MS }) },
  );
  if (token === null) return <p class="faint">Its receipt is the tenant's to read: no token of {tenant} is at hand.</p>;
  if (call?.problem) return <ProblemView problem={call.problem} />;
  if (answer === undefined) return <p class="faint">Reading its receipt …</p>;
  if (answer.status === 'posted') return <Notice tone="good">Its receipt: posted into {answer.period}.</Notice>;
  if (answer.status === 'refused') return <Notice tone="bad">Its receipt: refused. {answer.reason}</Notice>;
  return <Notice>Its receipt: accepted, not posted yet.</Notice>;
}
