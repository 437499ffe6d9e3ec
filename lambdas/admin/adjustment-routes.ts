import { parseRequestId } from '../domain/ids.ts';
import { adminCommand } from '../http/admin-route.ts';
import type { AuditTrail } from '../http/call-log.ts';
import { jsonObject } from '../http/json-body.ts';
import type { Route } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import { type AdjustmentPorts, acceptAdjustment } from './accept-adjustment.ts';
import { adjustmentPayloadOf } from './adjustment-request.ts';

/** `POST /adjustments`: credits or charges a tenant by hand. */
export function adjustmentRoutes(trail: AuditTrail, ports: AdjustmentPorts): Route[] {
  const post = adminCommand(trail, 'POST', routes.adjustments.path, {
    read: ({ request }) => adjustmentPayloadOf(jsonObject(request)),
    about: ({ tenant, eventId, amountMinor, reason }) => ({
      target: { tenant, event_id: eventId, amount_minor: amountMinor.toString() },
      reason,
    }),
    answer: async (payload, { request }) => {
      await acceptAdjustment(payload, ports, parseRequestId(request.id));
      return { status: 202, body: { accepted: true, event_id: payload.eventId } };
    },
  });
  return [post];
}
