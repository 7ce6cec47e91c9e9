import type { ApiClient } from '../api/api-client.ts';
import type { InsightPage } from '../api/types.ts';
import { type InsightFilter, type InsightGroup, addInsights } from './insight-groups.ts';

const PAGE_SIZE = 200;

/** Insights by instruction, as far as they have been read. Fires `change`. */
export class InsightList extends EventTarget {
  readonly #api: ApiClient;
  #request = new AbortController();
  #filter: InsightFilter = { kind: null, instruction: '' };
  groups: readonly InsightGroup[] = [];
  /** The last page that was read; null before the first. */
  page: InsightPage | null = null;
  isLoading = false;
  /** Whether the last request failed. */
  hasFailed = false;

  constructor(api: ApiClient) {
    super();
    this.#api = api;
  }

  /** Reads the first page with a filter. */
  async load(filter: InsightFilter): Promise<void> {
    this.#request.abort();
    this.#filter = filter;
    this.groups = [];
    this.page = null;
    await this.#read(null);
  }

  /** Reads the next page, if there is one and no request is running. */
  async loadMore(): Promise<void> {
    const cursor = this.page?.next_cursor ?? null;
    if (cursor !== null && !this.isLoading) {
      await this.#read(cursor);
    }
  }

  async #read(cursor: string | null): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    this.isLoading = true;
    this.hasFailed = false;
    this.#changed();
    const { kind, instruction } = this.#filter;
    try {
      const page = await this.#api.insights({
        limit: PAGE_SIZE,
        ...(cursor === null ? {} : { cursor }),
        ...(kind === null ? {} : { kind }),
        ...(instruction === '' ? {} : { instruction }),
      }, { signal: request.signal });
      this.page = page;
      this.groups = addInsights(this.groups, page.insights);
    } catch (error) {
      this.hasFailed = !request.signal.aborted;
      throw error;
    } finally {
      if (request === this.#request) {
        this.isLoading = false;
        this.#changed();
      }
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
