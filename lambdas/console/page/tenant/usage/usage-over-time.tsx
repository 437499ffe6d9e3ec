import { useMemo } from 'preact/hooks';
import type { Usage } from '../../../../../client/types/api.ts';
import { decimalsOf, formatMinor, formatQuantity } from '../../api/money.ts';
import { useRead } from '../../api/use-read.ts';
import { Moment } from '../../parts/moment.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemView } from '../../parts/problem-view.tsx';
import { useQuery } from '../../routing/use-query.ts';
import { bucketName } from './buckets.ts';
import { Chart } from './chart.tsx';
import { layersOf, type Measure, sum } from './layers.ts';
import { Legend } from './legend.tsx';
import type { Span } from './span.ts';
import { SpanPicker } from './span-picker.tsx';
import { UsageTable } from './usage-table.tsx';
import { useHidden } from './use-hidden.ts';
import { useSpan } from './use-span.ts';

/** Meters are a second or so behind the ledger: oftener would show no more. */
const REFRESH_MS = 5_000;

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Usage by the date it happened on, stacked by metric. */
export function UsageOverTime({ currency = '' }: { readonly currency: string | undefined }) {
  const choice = useSpan();
  const [measureText, setMeasure] = useQuery('show', 'amount');
  const measure: Measure = measureText === 'quantity' ? 'quantity' : 'amount';
  const { span } = choice;
  const { answer, call, isLoading } = useRead<Usage>(
    { method: 'GET', path: '/usage', query: { ...span, group_by: 'metric' } },
    { isOff: span === undefined, everyMs: REFRESH_MS },
  );
  const mayRead = call?.status !== 401 && call?.status !== 403;
  return (
    <Panel
      title="Usage over time"
      aside={
        answer && (
          <span class="faint">
            counted up to <Moment at={answer.as_of} /> UTC
          </span>
        )
      }
      call={call}
    >
      {mayRead && <SpanPicker {...choice} measure={measure} onMeasure={setMeasure} />}
      <ProblemView problem={call?.problem} />
      {span !== undefined && answer === undefined && isLoading && <p class="faint">Loading …</p>}
      {span === undefined && <p class="faint">Choose the first day and the last.</p>}
      {span && answer && <Stack usage={answer} {...{ span, measure, currency }} />}
    </Panel>
  );
}

interface StackProps {
  readonly usage: Usage;
  readonly span: Span;
  readonly measure: Measure;
  readonly currency: string;
}

function Stack({ usage, span, measure, currency }: StackProps) {
  const { granularity } = span;
  const { hidden, toggle } = useHidden();
  const { series, metrics } = usage;
  // A new answer mostly says the same: then nothing is drawn again.
  const content = JSON.stringify([series, metrics]);
  const [starts, layers] = useMemo(
    () => [series.map(({ start }) => start), layersOf(usage, measure)] as const,
    [content, measure],
  );
  const shown = useMemo(() => layers.filter(({ id }) => !hidden.has(id)), [layers, hidden]);
  const { short, exact } = useMemo(() => writing(measure, currency), [measure, currency]);
  const [first = '', last = ''] = [starts[0], starts.at(-1)];
  const what = measure === 'amount' ? 'charged' : 'used';
  const label =
    `Stacked bars by ${granularity} from ${bucketName(first, granularity)} to ${bucketName(last, granularity)}: ` +
    `${exact(sum(shown.map(({ total }) => total)))} ${what}. The table below has every number.`;
  if (layers.length === 0) return <p class="faint">Nothing was used in this time.</p>;
  return (
    <>
      <Chart {...{ starts, granularity, short, exact, label }} layers={shown} />
      <Legend {...{ layers, hidden, exact }} onToggle={toggle} />
      {measure === 'quantity' && layers.length > 1 && (
        <p class="faint">Each metric counts in its own unit: together they say how much, and not of what.</p>
      )}
      <UsageTable {...{ starts, granularity, layers, exact }} />
    </>
  );
}

/** How values are written: amounts in their currency, quantities as they are. */
function writing(measure: Measure, currency: string) {
  if (measure === 'quantity') return { short: (value: number) => compact.format(value), exact: formatQuantity };
  const unitsPerMajor = 10 ** decimalsOf(currency);
  return {
    short: (value: number) => compact.format(value / unitsPerMajor),
    exact: (value: bigint) => formatMinor(value, currency),
  };
}
