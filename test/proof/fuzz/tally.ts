import { parseInstant } from '../../../lambdas/domain/instant.ts';
import { developmentSeeds } from '../../../localstack/embedded/development.ts';
import type { Credentials } from './credentials.ts';
import { type Exchange, type FuzzRequest, headerOf } from './exchange.ts';
import { valuesOf } from './request-schemas.ts';
import type { Surface } from './surface.ts';

/** What a 202 promised to charge. */
interface Promised {
  readonly amountMinor: bigint;
  readonly payload: string;
}

interface Facts extends Promised {
  readonly tenant: string;
  readonly eventId: string;
}

type Json = Record<string, unknown>;

const ACCEPTED = 202;

/** The fuzzer's own book: every event that was answered 202, as its sender knows it, by `tenant eventId`. */
export class Tally {
  readonly promised = new Map<string, Promised>();
  /** Requests whose answer never came: they may or may not have been accepted. */
  readonly uncertain: FuzzRequest[] = [];
  readonly #surface: Surface;
  readonly #credentials: Credentials;

  constructor(surface: Surface, credentials: Credentials) {
    this.#surface = surface;
    this.#credentials = credentials;
  }

  /** Books what an exchange promises; gives what is wrong with that. */
  note(exchange: Exchange): string[] {
    if (exchange.answer.status !== ACCEPTED && exchange.answer.status !== 207) return [];
    return this.#accepted(exchange).flatMap(({ facts, told }) => this.#book(facts, told));
  }

  /** Whether an event may have been accepted in a request that was never answered. */
  mayHaveBeenAccepted(eventId: string): boolean {
    const key = eventId.replace(/^(?:api|adj|wh:[^:]*):/, '');
    const found = JSON.stringify(key).slice(1, -1);
    return this.uncertain.some(({ body }) => body?.toString('utf8').includes(found) ?? false);
  }

  #book(facts: Facts | undefined, told: unknown): string[] {
    if (facts === undefined) return ['a 202 is for what nobody can charge'];
    const { tenant, eventId, amountMinor, payload } = facts;
    const name = `${tenant} ${eventId}`;
    const known = this.promised.get(name);
    this.promised.set(name, known ?? { amountMinor, payload });
    const faults = told === eventId ? [] : [`a 202 names the event ${told} and not ${eventId}`];
    if (known !== undefined && known.payload !== payload)
      faults.push('two payloads under one id are both answered 202');
    return faults;
  }

  #accepted({ request, answer }: Exchange): { facts: Facts | undefined; told: unknown }[] {
    const path = this.#surface
      .segmentsOf(request.target)
      .filter((segment) => segment !== '')
      .join('/');
    const type = headerOf(request, 'content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    const isBatch = path === 'events/batch';
    const values = valuesOf(request.body ?? Buffer.alloc(0), isBatch ? type : '') ?? [];
    const held = this.#credentials.held(request);
    const tenant = held.kind === 'tenant' ? held.tenant : '';
    const [body] = values as Json[];
    if (isBatch) {
      const events = (type === 'application/x-ndjson' ? values : values[0]) as Json[];
      const results = answer.json.results as { index: number; status: number; event_id?: unknown }[];
      return results
        .filter(({ status }) => status === ACCEPTED)
        .map(({ index, event_id: told }) => {
          const event = events[index] ?? {};
          return { facts: type.includes('cloudevents') ? cloudFacts(tenant, event) : usageFacts(tenant, event), told };
        });
    }
    const told = answer.json?.event_id;
    if (body === undefined || answer.status !== ACCEPTED) return [];
    if (path === 'events') return [{ facts: usageFacts(tenant, body), told }];
    if (path === 'webhooks/usage') {
      const prefix = `wh:${this.#credentials.signer.keyId}:`;
      return [{ facts: factsOf(this.#credentials.signerTenant, `${prefix}${body['event_id']}`, body), told }];
    }
    return path === 'adjustments' ? [{ facts: adjustmentFacts(body), told }] : [];
  }
}

function usageFacts(tenant: string, event: Json): Facts | undefined {
  return factsOf(tenant, `api:${event['idempotency_key']}`, event);
}

function cloudFacts(tenant: string, event: Json): Facts | undefined {
  const { type: metric, data, time } = event as { type: unknown; data?: { quantity: unknown }; time?: unknown };
  return factsOf(tenant, `api:${event['id']}`, { metric, quantity: data?.quantity, event_date: time ?? undefined });
}

const prices = new Map<unknown, bigint>(Object.entries(developmentSeeds.prices.unitPrices));

function factsOf(tenant: string, eventId: string, { metric, quantity, event_date: date }: Json): Facts | undefined {
  const price = prices.get(metric);
  if (price === undefined || !Number.isSafeInteger(quantity)) return undefined;
  const when = date === undefined ? null : parseInstant(String(date));
  const payload = JSON.stringify([metric, quantity, when]);
  return { tenant, eventId, amountMinor: BigInt(quantity as number) * price, payload };
}

function adjustmentFacts({ tenant, idempotency_key: key, amount_minor: amount, reason }: Json): Facts | undefined {
  if (!Number.isSafeInteger(amount)) return undefined;
  const payload = JSON.stringify([amount, reason]);
  return { tenant: String(tenant), eventId: `adj:${key}`, amountMinor: BigInt(amount as number), payload };
}
