import type { FullProof, Receipt } from '../types/api.ts';
import { amountText } from './currency.ts';
import type { Output } from './output.ts';
import { utc } from './text/moment.ts';
import { grouped, moneyOf } from './text/money.ts';

type Posted = Extract<Receipt, { status: 'posted' }>;

/** A receipt for people: the event, its journal entry, its postings, and the page that proves it. */
export async function writeReceipt(receipt: Receipt, currency: string, output: Output): Promise<void> {
  await output.facts([
    ['Event', receipt.event_id],
    ['Status', receipt.status],
    ['Accepted', `${utc(receipt.received_at)} UTC`],
    ...('reason' in receipt ? [['Reason', receipt.reason] as const] : []),
  ]);
  if (receipt.status === 'posted') await writeEntry(receipt, currency, output);
}

async function writeEntry(posted: Posted, currency: string, output: Output): Promise<void> {
  const { proof } = posted;
  await output.line();
  await output.heading('Journal entry');
  await output.facts([
    ['Transaction', posted.txn_id],
    ['Month', posted.period],
    ['Amount', amountText(posted.amount_minor, currency)],
    ['Price version', posted.price_version?.toString()],
    ...('entry' in proof ? entryFacts(proof) : []),
  ]);
  if ('entry' in proof) {
    await output.line();
    await output.heading('Postings');
    await output.table(
      [
        { title: 'ACCOUNT', cell: ({ account }) => account },
        { title: 'AMOUNT', align: 'right', cell: ({ amount_minor }) => moneyOf(amount_minor, currency) },
      ],
      [proof.entry.postings],
      'None.',
    );
  }
  await output.line();
  await output.heading('Proof');
  await output.facts([
    ['Page', `${proof.seq} of lane ${proof.lane} in ${proof.period}`],
    ['Page hash', proof.page_hash],
  ]);
}

function entryFacts({ entry, posted_at, index, entry_hashes }: FullProof) {
  return [
    ['Kind', entry.kind],
    ['Metric', entry.metric],
    ['Quantity', entry.quantity === null ? null : grouped(entry.quantity)],
    ['Used', `${utc(entry.event_date)} UTC`],
    ['Posted', `${utc(posted_at)} UTC, entry ${index + 1} of ${entry_hashes.length} in its page`],
  ] as const;
}
