import * as z from 'zod';
import { DISCREPANCY_TYPES } from '../../domain/discrepancy.ts';
import { RUN_ID_PATTERN, RUN_MODES } from '../../domain/reconcile-run.ts';
import { reconcileRequestSchema } from '../../reconcile/run/run-request.ts';
import { eventId, lane, moment, period, tenant, txnId } from '../answer-fields.ts';
import type { Operation } from '../operation.ts';
import { problemExample } from '../problems.ts';

const runId = z.string().meta({ description: 'Names this run.', pattern: RUN_ID_PATTERN.source });

const discrepancySchema = z
  .object({
    type: z.enum(DISCREPANCY_TYPES).meta({ description: 'What contradicts what.' }),
    tenant_id: tenant.nullable().meta({ description: 'Null when the item names no tenant.' }),
    event_id: eventId.optional(),
    txn_id: txnId.optional(),
    expected: z.string().optional().meta({ description: 'What should be there, by the other record.' }),
    posted: z.string().optional().meta({ description: 'What is there instead.' }),
    detail: z
      .object({
        period: period.optional(),
        lane: lane.optional(),
        seq: z.int().min(0).optional().meta({ description: 'The page in its lane.' }),
        index: z.int().min(0).optional().meta({ description: "The entry's place in its page." }),
        item: z
          .string()
          .optional()
          .meta({ description: 'The key of the item, where nothing else can be read from it.' }),
        message: z.string().meta({ description: 'For the person who looks into it.' }),
      })
      .meta({ description: 'Where it is, as far as that can be said.' }),
  })
  .meta({ id: 'Discrepancy', description: 'A contradiction between two records, confirmed by reading both again.' });

const runSchema = z
  .object({
    ok: z.boolean().meta({ description: 'Nothing was found, so far.' }),
    discrepancies: z.array(discrepancySchema).meta({ description: 'What was found: every one, or the first of many.' }),
    discrepancies_found: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'How many there are, if more than are listed.' }),
    checked: z
      .record(z.string(), z.int().min(0))
      .meta({ description: 'How many records of each kind were looked at.' }),
    complete: z.boolean().meta({ description: 'False: it goes on by itself; ask for the run again.' }),
    run_id: runId,
    mode: z.enum(RUN_MODES).meta({ description: 'Everything, or what was posted since it was last verified.' }),
    tenant: tenant.optional().meta({ description: "Absent: everyone's records." }),
    started_at: moment('When it began.'),
    updated_at: moment('When it got this far.'),
    phase: z.string().optional().meta({ description: 'The part it is in, until it is complete.' }),
  })
  .meta({ id: 'ReconcileRun' });

/** Stands for whichever run is meant. */
export const EXAMPLE_RUN_ID = 'run_20261124103000000_1a2b3c4d';

const clean = {
  ok: true,
  discrepancies: [],
  checked: { lanes: 22, heads: 22, pages: 7, entries: 10, markers: 10, refusals: 0, intake_records: 10 },
  complete: true,
  run_id: EXAMPLE_RUN_ID,
  mode: 'full',
  tenant: 'tenant_alpha',
  started_at: '2026-11-24T10:30:00.000Z',
  updated_at: '2026-11-24T10:30:00.412Z',
};

/** Proving the ledger from two records that different functions keep. */
export const reconcileOperations: readonly Operation[] = [
  {
    route: 'reconcile',
    method: 'POST',
    access: 'admin',
    id: 'reconcile',
    tag: 'Proof',
    summary: 'Check the whole ledger',
    description: [
      'Holds every journal entry against what was handed in and against its price, its page, its lane, its seal and what was ' +
        'anchored, and names and locates every contradiction. The answer is 200 even when it finds something.',
      'What does not fit one request goes on by itself: ask `GET /reconcile/{run_id}` until `complete` is true. An empty body ' +
        'asks for everything.',
    ].join('\n\n'),
    body: { required: false, content: { 'application/json': reconcileRequestSchema } },
    answers: { 200: { description: 'What was found, so far or in all.', schema: runSchema } },
    problems: [],
    examples: [
      {
        name: 'clean',
        summary: "All of one tenant's records",
        body: { tenant: 'tenant_alpha' },
        status: 200,
        answer: clean,
      },
      {
        name: 'found',
        summary: 'A tenant whose record of an accepted event was deleted behind our back',
        body: { tenant: 'tenant_beta' },
        status: 200,
        answer: {
          ...clean,
          ok: false,
          tenant: 'tenant_beta',
          discrepancies: [
            {
              type: 'missing_intake',
              tenant_id: 'tenant_beta',
              event_id: 'api:lost-1',
              txn_id: 'txn_d6252f0645f240adcf29b68fa4b152d4',
              detail: {
                period: '2026-11',
                lane: 3,
                seq: 1,
                index: 0,
                message: 'nothing was accepted under its id',
              },
            },
          ],
        },
      },
    ],
  },
  {
    route: 'reconcileRun',
    method: 'GET',
    access: 'admin',
    id: 'getReconcileRun',
    tag: 'Proof',
    summary: 'See how far a check has come',
    description: 'A run begun by `POST /reconcile`, or by the schedule, as it stands.',
    path: z.object({ run_id: runId }),
    answers: { 200: { description: 'What was found, so far or in all.', schema: runSchema } },
    problems: ['not_found'],
    examples: [
      {
        name: 'complete',
        summary: 'A run that is complete',
        parameters: { run_id: EXAMPLE_RUN_ID },
        status: 200,
        answer: clean,
      },
      {
        name: 'unknown',
        summary: 'A run that never began',
        parameters: { run_id: 'run_20200101000000000_00000000' },
        status: 404,
        answer: problemExample('not_found', 'There is nothing here that this credential can see.'),
      },
    ],
  },
];
