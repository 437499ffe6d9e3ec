/** What of each page a reader is shown, read as it is asked for. */
export async function* rowsOf<Page, Row>(
  pages: AsyncIterable<Page>,
  rows: (page: Page) => readonly Row[],
): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) yield rows(page);
}
