import { useId } from 'preact/hooks';

interface Props {
  readonly legend: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

/** A choice among two to four, all of them seen: one click, or the arrow keys. */
export function Segments({ legend, value, options, onChange }: Props) {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{legend}</legend>
      {options.map(([key, label]) => (
        <label key={key}>
          <input type="radio" name={name} value={key} checked={key === value} onChange={() => onChange(key)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
