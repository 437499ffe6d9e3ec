import { Foreign } from '../../parts/foreign.tsx';
import type { Layer } from './layers.ts';
import { Swatch } from './swatch.tsx';

interface Props {
  readonly layers: readonly Layer[];
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly exact: (value: bigint) => string;
}

/** What the colours stand for, with what each adds up to; a layer can be taken out of the stack. */
export function Legend({ layers, hidden, onToggle, exact }: Props) {
  return (
    <fieldset class="legend">
      <legend class="visually-hidden">Metrics shown</legend>
      {layers.map(({ id, name, colour, total }) => (
        <label key={id} class="legend-item">
          <input type="checkbox" checked={!hidden.has(id)} onChange={() => onToggle(id)} />
          <Swatch colour={colour} />
          <Foreign text={name} />
          <span class="money faint">{exact(total)}</span>
        </label>
      ))}
    </fieldset>
  );
}
