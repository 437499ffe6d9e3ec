/** What an administrator does. */
export function Operate() {
  return <div class="columns" />;
}
