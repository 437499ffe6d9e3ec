import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { JournalPage } from '../domain/page.ts';
import { groupBy } from '../group-by.ts';
import { pageOfStream } from '../storage/stream-record.ts';
import type { ProjectorPorts } from './ports.ts';
import { projectLane } from './project-lane.ts';

/** A record of the batch that delivers a page, and its place in the batch. */
interface Delivered {
  readonly place: number;
  readonly page: JournalPage;
}

/**
 * Counts the journal pages of a batch from the ledger's stream. Lanes go on side by side and fail by themselves. Lambda
 * delivers again from the record named here on, which costs nothing for what is counted, and in the end sets aside a
 * record that is always the one named ("Using AWS Lambda with Amazon DynamoDB", partial batch response): the next page
 * of its lane then passes it.
 */
export async function projectBatch(
  records: readonly DynamoDBRecord[],
  deadlineMs: number,
  ports: ProjectorPorts,
): Promise<DynamoDBBatchResponse> {
  const { telemetry } = ports;
  const failedPlaces: number[] = [];
  const fail = (place: number, error: unknown) => {
    failedPlaces.push(place);
    telemetry.count('pagesReturned');
    telemetry.error('A journal page could not be counted.', error, {
      record: records[place]?.dynamodb?.SequenceNumber,
    });
  };
  const delivered: Delivered[] = [];
  for (const [place, record] of records.entries()) {
    try {
      const page = pageOfStream(record);
      if (page !== undefined) delivered.push({ place, page });
    } catch (error) {
      fail(place, error);
    }
  }
  const lanes = groupBy(delivered, ({ page: { tenant, period, lane } }) => `${tenant}#${period}#${lane}`);
  const projectOne = async ([first, ...more]: readonly Delivered[]) => {
    if (first === undefined) return;
    const ofLane = [first, ...more];
    const { tenant, period, lane } = first.page;
    const pages = ofLane.map(({ page }) => page);
    const { countedTo, failure } = await projectLane({ tenant, period, lane }, pages, deadlineMs, ports);
    telemetry.count('pagesCounted', pages.filter(({ seq }) => seq <= countedTo).length);
    if (failure !== undefined) fail((ofLane.find(({ page }) => page.seq > countedTo) ?? first).place, failure);
  };
  await Promise.all([...lanes.values()].map(projectOne));
  if (failedPlaces.length === 0) return { batchItemFailures: [] };
  const first = records[Math.min(...failedPlaces)]?.dynamodb?.SequenceNumber;
  if (first === undefined) throw new TypeError('A stream record without a sequence number failed.');
  return { batchItemFailures: [{ itemIdentifier: first }] };
}
