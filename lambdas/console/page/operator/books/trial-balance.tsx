/** What all postings come to. */
export function TrialBalance() {
  return <div class="columns" />;
}
