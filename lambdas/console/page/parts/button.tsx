import type { ComponentChildren } from 'preact';

interface Props {
  readonly children: ComponentChildren;
  readonly onClick?: () => unknown;
  readonly isPrimary?: boolean;
  /** At work: it can't be pressed twice, and says so. */
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  /** Sends the form around it. */
  readonly submits?: boolean;
}

export function Button({ children, onClick, isPrimary, isBusy = false, isDisabled = false, submits = false }: Props) {
  return (
    <button
      type={submits ? 'submit' : 'button'}
      class={`button ${isPrimary ? 'primary' : ''}`}
      disabled={isDisabled}
      aria-busy={isBusy}
      // A disabled button would lose the focus, and with it the place of whoever works by keyboard.
      aria-disabled={isBusy}
      onClick={(event) => (isBusy ? event.preventDefault() : void onClick?.())}
    >
      {children}
      {isBusy && ' …'}
    </button>
  );
}
