import { useEffect, useState } from 'preact/hooks';
import type { FullProof, Receipt } from '../../../../../client/types/api.ts';
import { saveFile } from '../../api/save-file.ts';
import { Button } from '../../parts/button.tsx';
import { Moment } from '../../parts/moment.tsx';
import { checkProof, type ProofCheck } from './check-proof.ts';

interface Props {
  readonly proof: FullProof;
  readonly receipt: Receipt;
}

/** Where the entry stands in the ledger, and that it cannot be changed there unseen. */
export function ProofStep({ proof, receipt }: Props) {
  const { period, lane, seq, index, entry_hashes: entryHashes, posted_at: postedAt } = proof;
  const save = () => saveFile('receipt.json', 'application/json', JSON.stringify(receipt, null, 2));
  return (
    <li>
      <h3>The proof</h3>
      <p class="faint">
        Entries are bound in pages, and each page’s hash covers the page before: whoever changes one digit changes every
        hash after it.
      </p>
      <dl class="facts">
        <dt>Page</dt>
        <dd>
          {seq} of journal {lane}, {period}
          <span class="faint">
            {' '}
            (entry {index + 1} of {entryHashes.length})
          </span>
        </dd>
        <dt>Posted (UTC)</dt>
        <dd>
          <Moment at={postedAt} />
        </dd>
        <dt>The page before</dt>
        <dd>
          <code>{proof.prev_hash}</code>
        </dd>
        <dt>This entry</dt>
        <dd>
          <code>{entryHashes[index]}</code>
        </dd>
        <dt>This page</dt>
        <dd>
          <code>{proof.page_hash}</code>
        </dd>
      </dl>
      <Checks proof={proof} />
      <div class="row">
        <Button onClick={save}>Download the receipt</Button>
      </div>
      <p class="faint">
        Keep it: with an anchor, <code>npm run verify-proof</code> proves offline that the page has stood there
        unchanged since.
      </p>
    </li>
  );
}

function Checks({ proof }: { readonly proof: FullProof }) {
  const [check, setCheck] = useState<ProofCheck | 'impossible'>();
  useEffect(() => {
    let isCurrent = true;
    checkProof(proof).then((done) => isCurrent && setCheck(done ?? 'impossible'));
    return () => {
      isCurrent = false;
    };
  }, [proof]);
  if (check === undefined) return null;
  if (check === 'impossible') {
    return <p class="faint">This browser computes hashes for secure addresses alone: nothing was checked here.</p>;
  }
  return (
    <ul class="checks" aria-label="Checked in this browser">
      <Checked holds={check.isEntrysHash} text="The entry’s hash is that of what is shown above." />
      <Checked holds={check.isPagesHash} text="The page’s hash follows from it and from the page before." />
    </ul>
  );
}

function Checked({ holds, text }: { readonly holds: boolean; readonly text: string }) {
  return (
    <li>
      <span class={`chip ${holds ? 'good' : 'bad'}`}>{holds ? 'checked here' : 'does not hold'}</span> {text}
    </li>
  );
}
