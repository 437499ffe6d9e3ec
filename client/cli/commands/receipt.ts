import { command } from '../command.ts';
import { tenantCurrency } from '../currency.ts';
import { EXIT } from '../exit-codes.ts';
import { argument, flag, wholeNumber } from '../parameters.ts';
import { writeReceipt } from '../receipt-facts.ts';
import { inert } from '../text/inert.ts';

export const receipt = command({
  name: 'receipt',
  group: 'Reads',
  credential: 'tenant',
  summary: 'Show what became of an event',
  description:
    'The event, its journal entry, its postings, and the page of the journal that proves it. With --json --proof it is the ' +
    'file that `npm run verify-proof` checks offline against an anchor; --to-seq links it to the page that the anchor names.',
  arguments: { eventId: argument('<event_id>', 'as the answer to the event named it, like api:first') },
  options: {
    proof: flag('--proof', 'all that the entry can be proven with'),
    fromSeq: wholeNumber('--from-seq <page>', 'with --to-seq: the first page to link', { min: 1 }),
    toSeq: wholeNumber('--to-seq <page>', 'with --proof: the anchored page to link to', { min: 1 }),
  },
  examples: [
    { line: 'receipt api:first', says: 'from the event to its proof' },
    { line: 'receipt api:first --proof --json', says: 'to keep, and to verify without the service' },
  ],
  async work(client, { eventId, proof, fromSeq, toSeq }, output) {
    // People see the entry and its postings, which only the full proof has.
    const isFull = proof || !output.isJson;
    const query = {
      ...(isFull && { proof: 'full' as const }),
      ...(fromSeq !== undefined && { from_seq: fromSeq }),
      ...(toSeq !== undefined && { to_seq: toSeq }),
    };
    const found = await client.receipt(eventId, query);
    if (output.isJson) {
      await output.answer(found);
      return EXIT.ok;
    }
    await writeReceipt(found, await tenantCurrency(client), output);
    if (proof && found.status === 'posted' && 'entry' in found.proof) {
      const { prev_hash, entry_hashes, links } = found.proof;
      await output.facts([
        ['Hash before', prev_hash],
        ...entry_hashes.map((hash, index) => [`Entry ${index + 1}`, hash] as const),
        ...(links?.hashes ?? []).map((hash, index) => [`Link ${(links?.from_seq ?? 0) + index}`, hash] as const),
      ]);
      await output.line();
      await output.line(`Keep it:  zerosum receipt ${inert(eventId)} --proof --json > receipt.json`);
    }
    return EXIT.ok;
  },
});
