import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { bucketLabel, labelledBuckets } from './buckets.ts';
import { colourOf, useScheme } from './colours.ts';
import { type Layer, stacked } from './layers.ts';
import type { Granularity } from './span.ts';
import { Tooltip } from './tooltip.tsx';

const HEIGHT_PX = 250;
/** So much room has a label below the axis. */
const LABEL_PX = 72;

export interface ChartProps {
  /** Where each bucket begins. */
  readonly starts: readonly string[];
  readonly granularity: Granularity;
  readonly layers: readonly Layer[];
  /** A value as the axis has it: short. */
  readonly short: (value: number) => string;
  /** A value in full. */
  readonly exact: (value: bigint) => string;
  /** What is to be seen, in words. */
  readonly label: string;
}

/** Stacked bars on a canvas; what one points at is told beside it. */
export function Chart({ starts, granularity, layers, short, exact, label }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<{ index: number; leftPx: number }>();
  const scheme = useScheme();
  useEffect(() => {
    const within = place.current;
    if (within === null) return;
    const [ink, line] = [colourOf('--faint', within), colourOf('--line', within)];
    const font = `12px ${getComputedStyle(within).fontFamily}`;
    // The tallest first: each layer covers the lower part of the one before.
    const tops = stacked(layers).toReversed();
    const colours = layers.map(({ colour }) => colourOf(`--series-${colour}`, within)).toReversed();
    const bars = uPlot.paths.bars?.({ size: [0.8, 56] });
    const plot = new uPlot(
      {
        width: within.clientWidth,
        height: HEIGHT_PX,
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        scales: {
          x: { time: false, range: [-0.5, starts.length - 0.5] },
          y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] },
        },
        axes: [
          {
            stroke: ink,
            font,
            grid: { show: false },
            ticks: { stroke: line },
            size: 34,
            splits: ({ width }) => labelledBuckets(starts, granularity, Math.max(2, Math.floor(width / LABEL_PX))),
            values: (_, indexes) => indexes.map((index) => bucketLabel(starts[index] ?? '', granularity)),
          },
          {
            stroke: ink,
            font,
            grid: { stroke: line },
            ticks: { stroke: line },
            size: 64,
            values: (_, values) => values.map(short),
          },
        ],
        series: [
          {},
          ...colours.map((fill) => ({ fill, width: 0, points: { show: false }, ...(bars && { paths: bars }) })),
        ],
        hooks: {
          setCursor: [
            ({ cursor: { idx, left = -1 }, over }) =>
              setPointed(idx == null || left < 0 ? undefined : { index: idx, leftPx: over.offsetLeft + left }),
          ],
        },
      },
      [starts.map((_, index) => index), ...tops],
      within,
    );
    const resizing = new ResizeObserver(() => plot.setSize({ width: within.clientWidth, height: HEIGHT_PX }));
    resizing.observe(within);
    return () => {
      resizing.disconnect();
      plot.destroy();
      setPointed(undefined);
    };
  }, [starts, granularity, layers, short, scheme]);
  return (
    <div class="chart">
      <div ref={place} role="img" aria-label={label} />
      {pointed && starts[pointed.index] !== undefined && (
        <Tooltip {...{ starts, granularity, layers, exact }} index={pointed.index} leftPx={pointed.leftPx} />
      )}
    </div>
  );
}
