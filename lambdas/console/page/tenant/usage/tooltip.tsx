import { Foreign } from '../../parts/foreign.tsx';
import { bucketName } from './buckets.ts';
import type { ChartProps } from './chart.tsx';
import { sum } from './layers.ts';
import { Swatch } from './swatch.tsx';

type Props = Pick<ChartProps, 'starts' | 'granularity' | 'layers' | 'exact'> & {
  readonly index: number;
  readonly leftPx: number;
};

/** What stands at the bar one points at, exactly. The table has the same for who can't point. */
export function Tooltip({ starts, granularity, layers, exact, index, leftPx }: Props) {
  const shown = layers.filter(({ values }) => (values[index] ?? 0n) !== 0n).toReversed();
  const side = index < starts.length / 2 ? 'after' : 'before';
  return (
    <div class={`tooltip ${side}`} style={{ left: `${Math.round(leftPx)}px` }} aria-hidden="true">
      <strong>{bucketName(starts[index] ?? '', granularity)}</strong>
      {shown.map(({ id, name, colour, values }) => (
        <span key={id} class="tooltip-line">
          <Swatch colour={colour} />
          <Foreign text={name} />
          <span class="money">{exact(values[index] ?? 0n)}</span>
        </span>
      ))}
      <span class="tooltip-line">
        <span />
        {shown.length === 0 ? 'nothing used' : 'together'}
        {shown.length > 0 && <span class="money">{exact(sum(shown.map(({ values }) => values[index] ?? 0n)))}</span>}
      </span>
    </div>
  );
}
