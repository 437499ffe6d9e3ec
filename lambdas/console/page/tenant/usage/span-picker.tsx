import { Field } from '../../parts/field.tsx';
import { Segments } from '../../parts/segments.tsx';
import type { Measure } from './layers.ts';
import { granularitiesOf, RANGES } from './span.ts';
import type { SpanChoice } from './use-span.ts';

interface Props extends SpanChoice {
  readonly measure: Measure;
  readonly onMeasure: (measure: string) => void;
}

/** What of time to look at, how finely, and what of it. */
export function SpanPicker({ measure, onMeasure, ...choice }: Props) {
  const { range, granularity } = choice;
  return (
    <>
      <div class="row">
        <Segments legend="Range" value={range} options={RANGES} onChange={choice.setRange} />
        <Segments legend="By" value={granularity} options={granularitiesOf(range)} onChange={choice.setGranularity} />
        <Segments
          legend="Show"
          value={measure}
          options={[
            ['amount', 'Amount'],
            ['quantity', 'Quantity'],
          ]}
          onChange={onMeasure}
        />
      </div>
      {range === 'own' && (
        <div class="row">
          <Field label="First day (UTC)" type="date" value={choice.from} onInput={choice.setFrom} />
          <Field label="Last day (UTC)" type="date" value={choice.to} onInput={choice.setTo} />
        </div>
      )}
    </>
  );
}
