/** A list that the service gives in pages, as far as it was read. Fires `change` when there is anything else to show. */
export class PagedList extends EventTarget {
  #next = null;
  #turn = new AbortController();
  #ask;
  #take;
  isLoading = false;
  hasFailed = false;

  /**
   * @param ask gives the page that begins at a cursor
   * @param take keeps a page, which is the first or one more
   */
  constructor(ask, take) {
    super();
    this.#ask = ask;
    this.#take = take;
  }

  get hasMore() {
    return this.#next !== null;
  }

  /** Of what is read now; aborted as soon as the list is read anew. */
  get signal() {
    return this.#turn.signal;
  }

  /** Reads it anew. */
  async load() {
    this.#turn.abort();
    this.#turn = new AbortController();
    await this.#read(null, this.signal);
  }

  async more() {
    if (this.hasMore && !this.isLoading) {
      await this.#read(this.#next, this.signal);
    }
  }

  async #read(cursor, signal) {
    this.isLoading = true;
    this.hasFailed = false;
    this.changed();
    try {
      const page = await this.#ask(cursor, signal);
      this.#take(page, cursor === null);
      this.#next = page.next_cursor;
    } catch (error) {
      this.hasFailed = !signal.aborted;
      throw error;
    } finally {
      if (!signal.aborted) {
        this.isLoading = false;
        this.changed();
      }
    }
  }

  changed() {
    this.dispatchEvent(new Event('change'));
  }
}
