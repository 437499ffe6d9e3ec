import { useState } from 'preact/hooks';
import type { Prices as PricesAnswer, PriceVersion } from '../../../../../client/types/api.ts';
import { useRead } from '../../api/use-read.ts';
import { AdminOnly } from '../../parts/admin-only.tsx';
import { Button } from '../../parts/button.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Money } from '../../parts/money.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { Table } from '../../parts/table.tsx';
import { PriceForm } from './price-form.tsx';

const READ = { method: 'GET', path: '/prices' } as const;

/** What usage costs: every version there ever was, and the next. */
export function Prices() {
  return (
    <AdminOnly attempt={READ}>
      <PriceBook />
    </AdminOnly>
  );
}

interface Conflict {
  readonly before: PriceVersion | undefined;
  readonly seen: string | undefined;
}

function PriceBook() {
  const { answer, call, isLoading } = useRead<PricesAnswer>(READ);
  // Without any version yet the answer is a 404, and the first one is still to be written.
  const hasNone = call?.status === 404;
  const etag = call?.headers['etag'];
  // What one changes stays the version one has seen, while somebody else's stands in the way.
  const [conflict, setConflict] = useState<Conflict>();
  const { before, seen } = conflict ?? { before: answer?.versions[0], seen: etag };
  return (
    <>
      <Panel title="Prices" call={call}>
        {isLoading && answer === undefined && <p class="faint">Loading …</p>}
        {answer && <Versions answer={answer} />}
        {hasNone ? <p>There are no prices yet: write the first.</p> : <ProblemView problem={call?.problem} />}
      </Panel>
      {(hasNone || answer) && (
        <Panel title={hasNone ? 'The first prices' : 'Change the prices'}>
          <PriceForm key={seen} before={before} etag={seen} onConflict={() => setConflict({ before, seen })} />
          {conflict && <Button onClick={() => setConflict(undefined)}>Begin again from the newest prices</Button>}
        </Panel>
      )}
    </>
  );
}

function Versions({ answer }: { readonly answer: PricesAnswer }) {
  const { versions, in_force: inForce } = answer;
  const metrics = [...new Set(versions.flatMap(({ unit_prices: prices }) => Object.keys(prices)))];
  return (
    <Table
      caption="Every version of the prices, the newest first"
      columns={[
        { title: 'Version', isNumber: true, cell: ({ version }) => version },
        { title: 'In force from', cell: (version) => <InForce version={version} inForce={inForce} /> },
        ...metrics.map((metric) => ({
          title: metric,
          isNumber: true,
          cell: ({ unit_prices: prices, currency }: PriceVersion) =>
            prices[metric] === undefined ? '–' : <Money minor={prices[metric]} currency={currency} />,
        })),
      ]}
      rows={versions}
      keyOf={({ version }) => String(version)}
      none="There are none."
    />
  );
}

function InForce({ version, inForce }: { readonly version: PriceVersion; readonly inForce: PriceVersion | null }) {
  return (
    <>
      <Moment at={version.effective_at} />{' '}
      {version.version === inForce?.version && <span class="chip good">in force</span>}
    </>
  );
}
