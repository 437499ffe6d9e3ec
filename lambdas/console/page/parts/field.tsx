import { useId } from 'preact/hooks';
import type { Problem } from '../api/problem.ts';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'search' | 'month' | 'date' | 'password';
  readonly hint?: string;
  /** The field's name in the contract, by which a refusal points at it. */
  readonly name?: string;
  readonly problem?: Problem | undefined;
  /** What is wrong with the value before anybody is asked. */
  readonly fault?: string | undefined;
  readonly isRequired?: boolean;
  /** What the browser offers while one types; anything else may be typed as well. */
  readonly suggestions?: readonly string[];
}

/** A labelled field; a refusal that names it is said below it. */
export function Field(props: Props) {
  const { label, value, onInput, type = 'text', hint, name, problem, fault, isRequired, suggestions } = props;
  const listId = useId();
  const id = useId();
  const error = fault ?? problem?.errors?.find(({ field }) => field === name)?.message;
  const said = error ?? hint;
  return (
    <label class="field">
      <span>{label}</span>
      <input
        // Preact's types have one shape for each kind of input, and no union of them: those of a text fit all of ours.
        type={type as 'text'}
        {...(name && { name })}
        value={value}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={error !== undefined}
        {...(suggestions && { list: listId })}
        {...(said && { 'aria-describedby': id })}
        required={isRequired ?? false}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {suggestions && (
        <datalist id={listId}>
          {suggestions.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
      {said !== undefined && <small id={id}>{said}</small>}
    </label>
  );
}
