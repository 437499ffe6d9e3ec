import * as z from 'zod';
import { priceQuerySchema, priceRequestSchema } from '../../admin/prices/price-request.ts';
import { currency, ifMatch, ifNoneMatch, minorUnits, moment, nextCursor } from '../answer-fields.ts';
import type { Operation } from '../operation.ts';
import { problemExample } from '../problems.ts';

const bookSchema = z
  .object({
    version: z.int().min(1).meta({ description: '1, 2, 3, and so on: receipts name the version they were rated at.' }),
    effective_at: moment('From when on it is in force, until another is.'),
    currency,
    unit_prices: z
      .record(z.string(), minorUnits(''))
      .meta({ description: 'By metric, the price of one unit in minor units (cents).' }),
  })
  .meta({ id: 'PriceVersion' });

const pricesSchema = z
  .object({
    in_force: bookSchema
      .nullable()
      .meta({ description: 'By which usage is rated now; null when all are still to come.' }),
    versions: z.array(bookSchema).meta({ description: 'All there ever were, the newest first.' }),
    next_cursor: nextCursor,
  })
  .meta({ id: 'Prices' });

const first = {
  version: 1,
  effective_at: '1970-01-01T00:00:00.000Z',
  currency: 'USD',
  unit_prices: { api_call: '1', storage_gb_hour: '5' },
};

const seats = {
  currency: 'USD',
  unit_prices: { api_call: 1, storage_gb_hour: 4, seat_month: 1500 },
  effective_at: '2036-01-01T00:00:00Z',
};

/** What usage costs. */
export const priceOperations: readonly Operation[] = [
  {
    route: 'prices',
    method: 'GET',
    access: 'admin',
    id: 'getPrices',
    tag: 'Administration',
    summary: 'Read the prices',
    description: [
      'The version in force, and every version there ever was. Strongly consistent.',
      'Of the versions whose `effective_at` has come, the latest is in force; of two from one moment, the newer.',
    ].join('\n\n'),
    query: priceQuerySchema,
    answers: { 200: { description: 'The prices.', headers: ['etag'], schema: pricesSchema } },
    problems: ['not_found'],
    examples: [
      {
        name: 'now',
        summary: 'Those of a development stack',
        status: 200,
        answer: { in_force: first, versions: [first] },
      },
    ],
  },
  {
    route: 'prices',
    method: 'PUT',
    access: 'admin',
    id: 'changePrices',
    tag: 'Administration',
    summary: 'Change the prices',
    description: [
      'Adds a version; those before stay as they are. Usage is rated at the version in force when it was accepted, so a ' +
        'change makes nothing dearer or cheaper that was accepted before, whenever it is posted. What has no price in the ' +
        'new version is no longer taken once that is in force.',
      'Functions look for changed prices twice a minute: with an `effective_at` at least 30 seconds ahead, every event from ' +
        'that moment on is rated by the new version. What comes into force sooner may take those 30 seconds.',
      '`If-Match` must name the `ETag` of the prices as you have seen them, so that of two who change them at once the ' +
        'second one is told. The first version of all needs `If-None-Match: *`.',
    ].join('\n\n'),
    headers: z.object({ 'If-Match': ifMatch, 'If-None-Match': ifNoneMatch }),
    body: { required: true, content: { 'application/json': priceRequestSchema } },
    answers: {
      200: { description: 'The new version.', headers: ['etag'], schema: bookSchema },
      201: { description: 'The first version of all.', headers: ['etag'], schema: bookSchema },
    },
    problems: ['precondition_failed', 'precondition_required'],
    examples: [
      {
        name: 'unconditional',
        summary: 'New prices for whatever there is',
        body: seats,
        status: 428,
        answer: problemExample(
          'precondition_required',
          'Send If-Match with the ETag of what you mean to change, so that nobody overwrites what another has changed.',
        ),
      },
      {
        name: 'change',
        summary: 'A lower price and a new metric, from 2036 on',
        headers: { 'If-Match': '"1.1"' },
        body: seats,
        status: 200,
        answer: {
          version: 2,
          effective_at: '2036-01-01T00:00:00.000Z',
          currency: 'USD',
          unit_prices: { api_call: '1', storage_gb_hour: '4', seat_month: '1500' },
        },
      },
      {
        name: 'stale',
        summary: 'The same from somebody who has not seen that',
        headers: { 'If-Match': '"1.1"' },
        body: seats,
        status: 412,
        answer: problemExample(
          'precondition_failed',
          'It is not what If-Match names, or no longer: read it again, decide again, and send its ETag, quotes and all.',
        ),
      },
      {
        name: 'currency',
        summary: 'Another currency',
        headers: { 'If-Match': '"2.1"' },
        body: { ...seats, currency: 'EUR' },
        status: 400,
        answer: problemExample(
          'malformed',
          'currency: must be that of the versions before: balances add up all of them',
          [{ field: 'currency', message: 'must be that of the versions before: balances add up all of them' }],
        ),
      },
      {
        name: 'first',
        summary: 'The first prices of a new stack',
        headers: { 'If-None-Match': '*' },
        body: { currency: 'USD', unit_prices: { api_call: 1, storage_gb_hour: 5 } },
        status: 201,
        answer: { ...first, effective_at: '2026-11-24T12:00:00.000Z' },
      },
    ],
  },
];
