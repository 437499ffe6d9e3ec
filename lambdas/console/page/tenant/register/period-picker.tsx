import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { isMonth, lastMonth, monthAfter, monthName } from './months.ts';

interface Props {
  readonly period: string;
  readonly onChange: (period: string) => void;
}

/** Which month to look at. */
export function PeriodPicker({ period, onChange }: Props) {
  return (
    <div class="row">
      <Button onClick={() => onChange(monthAfter(period, -1))}>
        ← <span class="visually-hidden">Previous month, </span>
        {monthName(monthAfter(period, -1))}
      </Button>
      <Field
        label="Month (UTC)"
        type="month"
        value={period}
        onInput={(text) => {
          if (isMonth(text)) onChange(text);
        }}
      />
      <Button isDisabled={period >= lastMonth(Date.now())} onClick={() => onChange(monthAfter(period, 1))}>
        <span class="visually-hidden">Next month, </span>
        {monthName(monthAfter(period, 1))} →
      </Button>
    </div>
  );
}
