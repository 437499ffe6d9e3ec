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
  const press = (event: Event): void => {
    if (isBusy) event.preventDefault();
    else void onClick?.();
  };
  return (
    <button
      type={submits ? 'submit' : 'button'}
      class={`button ${isPrimary ? 'primary' : ''}`}
      disabled={isDisabled}
      // Not disabled while at work: that would take the focus from whoever pressed it.
      aria-disabled={isBusy}
      aria-busy={isBusy}
      onClick={press}
    >
      {children}
      {isBusy && ' …'}
    </button>
  );
}
