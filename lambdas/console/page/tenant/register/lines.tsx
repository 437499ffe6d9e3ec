import { useState } from 'preact/hooks';
import { formatMinor, formatQuantity } from '../../api/money.ts';
import { Button } from '../../parts/button.tsx';
import { Foreign } from '../../parts/foreign.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Money } from '../../parts/money.tsx';
import { Table } from '../../parts/table.tsx';
import { hrefOf, route } from '../../routing/route.ts';
import type { Edge, RegisterRow } from './rows.ts';

/** So many rows are drawn at a time: thousands make a page slow, and nobody reads them. */
const ROWS_SHOWN = 50;

interface Props {
  readonly caption: string;
  readonly rows: readonly RegisterRow[];
  readonly currency: string;
  readonly balanceTitle: string;
  /** What stands below the last row that there is. */
  readonly edge: Edge | undefined;
}

/** The register's lines, each a link to its receipt. */
export function Lines({ caption, rows, currency, balanceTitle, edge }: Props) {
  const [shownCount, setShownCount] = useState(ROWS_SHOWN);
  const isAll = shownCount >= rows.length;
  const money = (minor: bigint | undefined) => (minor === undefined ? '' : formatMinor(minor, currency));
  return (
    <div class="stack lines">
      <Table
        caption={caption}
        none="No line of this month matches."
        rows={rows.slice(0, shownCount)}
        keyOf={({ line }) => line.txn_id}
        columns={[
          { title: 'Posted (UTC)', cell: ({ line }) => <Moment at={line.posted_at} /> },
          {
            title: 'Event',
            cell: ({ line }) => (
              <>
                <ReceiptLink eventId={line.event_id ?? ''} />
                <span class="on-phones faint">
                  {line.quantity !== null && `${formatQuantity(line.quantity)} × `}
                  <Foreign text={line.metric ?? 'adjustment'} />
                </span>
              </>
            ),
          },
          {
            title: 'Metric',
            cell: ({ line }) => (line.metric === null ? <em>Adjustment</em> : <Foreign text={line.metric} />),
          },
          {
            title: 'Quantity',
            isNumber: true,
            cell: ({ line }) => (line.quantity === null ? '–' : formatQuantity(line.quantity)),
          },
          {
            title: 'Amount',
            isNumber: true,
            cell: ({ line }) => <Money minor={line.amount_minor} currency={currency} />,
          },
          {
            title: balanceTitle,
            isNumber: true,
            cell: ({ balanceMinor: running }) => <Money minor={running} currency={currency} />,
          },
        ]}
        {...(isAll && edge && { footer: [edge.title, '', '', '', money(edge.amountMinor), money(edge.balanceMinor)] })}
      />
      {!isAll && (
        <div class="row">
          <span class="faint">
            {formatQuantity(shownCount)} of {formatQuantity(rows.length)} lines shown
          </span>
          <Button onClick={() => setShownCount(shownCount + ROWS_SHOWN)}>Show {ROWS_SHOWN} more</Button>
          <Button onClick={() => setShownCount(rows.length)}>Show all</Button>
        </div>
      )}
    </div>
  );
}

function ReceiptLink({ eventId }: { readonly eventId: string }) {
  const { place, query } = route.value;
  return (
    <a href={hrefOf(place, { ...query, event: eventId })}>
      <Foreign text={eventId} />
    </a>
  );
}
