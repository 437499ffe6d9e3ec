import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { isMonth, lastMonth, monthAfter, shortMonthName } from './months.ts';

interface Props {
  readonly period: string;
  readonly onChange: (period: string) => void;
}

/** Which month to look at. */
export function PeriodPicker({ period, onChange }: Props) {
  const [previous, next] = [monthAfter(period, -1), monthAfter(period, 1)];
  return (
    <div class="row">
      <Button onClick={() => onChange(previous)}>
        ← <span class="visually-hidden">Previous month, </span>
        {shortMonthName(previous)}
      </Button>
      <Button isDisabled={period >= lastMonth(Date.now())} onClick={() => onChange(next)}>
        <span class="visually-hidden">Next month, </span>
        {shortMonthName(next)} →
      </Button>
      <Field
        label="Month (UTC)"
        type="month"
        value={period}
        onInput={(text) => {
          if (isMonth(text)) onChange(text);
        }}
      />
    </div>
  );
}
