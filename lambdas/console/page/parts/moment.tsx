/** A moment to the second, in UTC as everything in the ledger is; the exact one shows when pointed at. */
export function Moment({ at }: { readonly at: string | null | undefined }) {
  if (at == null) return <span class="faint">–</span>;
  return (
    <time datetime={at} title={at}>
      {at.slice(0, 19).replace('T', ' ')}
    </time>
  );
}
