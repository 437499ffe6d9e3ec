/** Who is billed. */
export function Tenants() {
  return <div class="columns" />;
}
