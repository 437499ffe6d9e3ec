/** Proving the ledger. */
export function Reconcile() {
  return <div class="columns" />;
}
