/** A list that is read page by page, only as far as somebody goes on reading. */
export class Listing<Item, Page extends { readonly next_cursor?: string }> implements AsyncIterable<Item> {
  readonly #read: (cursor: string | undefined) => Promise<Page>;
  readonly #itemsOf: (page: Page) => readonly Item[];
  #first: Promise<Page> | undefined;

  constructor(read: (cursor: string | undefined) => Promise<Page>, itemsOf: (page: Page) => readonly Item[]) {
    this.#read = read;
    this.#itemsOf = itemsOf;
  }

  /** The first page, read once: what it says of the whole list (a statement's `total_minor`) holds for every page. */
  first(): Promise<Page> {
    this.#first ??= this.#read(undefined).catch((error: unknown) => {
      this.#first = undefined;
      throw error;
    });
    return this.#first;
  }

  async *pages(): AsyncGenerator<Page, void, void> {
    let page = await this.first();
    yield page;
    while (page.next_cursor !== undefined) {
      page = await this.#read(page.next_cursor);
      yield page;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, void> {
    for await (const page of this.pages()) yield* this.#itemsOf(page);
  }

  /** All of it at once: for lists known to be short. */
  async toArray(): Promise<Item[]> {
    const items: Item[] = [];
    for await (const item of this) items.push(item);
    return items;
  }
}

/** The list of an operation whose query takes a `cursor`. */
export function listing<Item, Page extends { readonly next_cursor?: string }, Query extends { cursor?: string }>(
  query: Query,
  read: (query: Query) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
): Listing<Item, Page> {
  return new Listing((cursor) => read(cursor === undefined ? query : { ...query, cursor }), itemsOf);
}
