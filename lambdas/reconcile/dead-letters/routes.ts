import { adminCommand, adminQuery } from '../../http/admin-route.ts';
import type { AuditTrail } from '../../http/call-log.ts';
import { jsonObject } from '../../http/json-body.ts';
import type { Route } from '../../http/router.ts';
import { routes } from '../../http/routes.ts';
import { type ListPorts, listDeadLetters } from './list.ts';
import { deadLetterQuery } from './query.ts';
import { type RedrivePorts, redrive } from './redrive.ts';
import { redriveRequestOf } from './redrive-request.ts';

/** `GET /dead-letters` and `POST /dead-letters/redrive`. */
export function deadLetterRoutes(trail: AuditTrail, ports: { list: ListPorts; redrive: RedrivePorts }): Route[] {
  return [
    adminQuery(trail, 'GET', routes.deadLetters.path, {
      read: ({ request }) => deadLetterQuery(request.query),
      about: ({ tenant }) => ({ target: tenant === undefined ? {} : { tenant } }),
      answer: async (query) => ({ status: 200, body: await listDeadLetters(query, ports.list) }),
    }),
    adminCommand(trail, 'POST', routes.deadLettersRedrive.path, {
      read: ({ request }) => redriveRequestOf(jsonObject(request)),
      about: ({ tenant, eventIds }) => ({ target: { tenant, event_ids: JSON.stringify(eventIds) } }),
      answer: async ({ tenant, eventIds }) => {
        const statuses = await redrive(tenant, eventIds, ports.redrive);
        const results = eventIds.map((eventId) => ({ event_id: eventId, status: statuses.get(eventId) }));
        return { status: 200, body: { results } };
      },
    }),
  ];
}
