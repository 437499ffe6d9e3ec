import { useId } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly rows?: number;
  /** What is wrong with it, said below. */
  readonly error?: string | undefined;
}

/** A labelled field of several lines. */
export function TextArea({ label, value, onInput, rows = 4, error }: Props) {
  const id = useId();
  return (
    <label class="field">
      <span>{label}</span>
      <textarea
        class="code"
        rows={rows}
        value={value}
        spellcheck={false}
        aria-invalid={error !== undefined}
        {...(error && { 'aria-describedby': id })}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {error && (
        <small id={id} role="alert">
          {error}
        </small>
      )}
    </label>
  );
}
