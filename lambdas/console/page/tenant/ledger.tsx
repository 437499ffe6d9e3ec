import { Balance } from './balance.tsx';

/** A tenant's own view of its books. */
export function Ledger() {
  return (
    <div class="columns">
      <Balance />
    </div>
  );
}
