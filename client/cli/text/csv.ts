/** What makes a spreadsheet take a text for a formula (OWASP, "CSV Injection"); full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** What needs quotes (RFC 4180, 2.6). */
const NEEDS_QUOTES = /[",\r\n]/;

/** A text from outside, which a spreadsheet shows and never computes: `=1+1` becomes `'=1+1`. */
export function csvText(text: string | null): string {
  if (text === null) return '';
  return quoted(FORMULA.test(text) ? `'${text}` : text);
}

/** A number or date of ours, as it is: `-25` is an amount and no formula. */
export function csvOwn(value: string | null): string {
  return quoted(value ?? '');
}

/** A record with its line end (RFC 4180, 2.1). */
export function csvLine(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
