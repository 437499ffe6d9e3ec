/** How JSON writes a number (RFC 8259). */
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * A body with its members in this order, the empty ones left out. A quantity that is a number goes out digit for digit as
 * it was typed; whatever else was typed goes out as a text, for the service to refuse in its own words.
 */
export function usageBody(members: Readonly<Record<string, string>>): string {
  const written = Object.entries(members)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${JSON.stringify(name)}:${name === 'quantity' ? quantity(value) : JSON.stringify(value)}`);
  return `{${written.join(',')}}`;
}

/** The same event with one unit more, or less where more would be too many. */
export function withOtherQuantity(body: string): string {
  const event = JSON.parse(body) as { quantity: number };
  return JSON.stringify({ ...event, quantity: event.quantity < MOST ? event.quantity + 1 : event.quantity - 1 });
}

/** The largest quantity the contract allows. */
const MOST = 10 ** 12;

function quantity(typed: string): string {
  const text = typed.trim();
  return JSON_NUMBER.test(text) ? text : JSON.stringify(typed);
}
