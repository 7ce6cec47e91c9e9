import type { ApiClient } from '../api/api-client.ts';
import { isAbort, Problem } from '../api/problem.ts';
import type { ListedTask, TaskPage, TaskQuery } from '../api/types.ts';
import { refreshRows } from './refresh-rows.ts';

const PAGE_SIZE = 50;
const POLL_MS = 5000;
/** Older rows are not refreshed. */
const MAX_REFRESHED = 200;
const DETAILS: TaskQuery = { include: ['thumbnail', 'error'] };

/**
 * The tasks that match a query, newest first, as far as they were loaded. Loaded rows are refreshed every 5 seconds. Fires `change`, and
 * `error` with an error that the user should see.
 */
export class TaskList extends EventTarget {
  readonly #api: ApiClient;
  readonly #pageSize: number;
  readonly #addsNewTasks: boolean;
  #query: TaskQuery = {};
  #cursor: string | null = null;
  #etag: string | null = null;
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  rows: readonly ListedTask[] = [];
  /** The number of matching tasks that are newer than the rows and not among them. */
  newTasks = 0;
  isLoading = false;
  /** Whether the first page has arrived. */
  isLoaded = false;
  hasFailed = false;

  /** @param addsNewTasks whether tasks that arrive later become rows; else they are only counted, because rows would move */
  constructor(api: ApiClient, { pageSize = PAGE_SIZE, addsNewTasks = false } = {}) {
    super();
    this.#api = api;
    this.#pageSize = pageSize;
    this.#addsNewTasks = addsNewTasks;
  }

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  /** Loads the first page of a query. The rows of the previous query remain until then. */
  async load(query = this.#query): Promise<void> {
    this.close();
    this.#abort = new AbortController();
    this.#query = query;
    this.#etag = null;
    await this.#read(null);
    this.#poll();
  }

  /** Loads the next page. */
  async more(): Promise<void> {
    if (this.#cursor !== null && !this.isLoading) {
      await this.#read(this.#cursor);
    }
  }

  /** Stops loading and refreshing. */
  close(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  /** Reads the rows again, with new URLs for thumbnails. */
  async refresh(): Promise<void> {
    const { signal } = this.#abort;
    const page = await this.#api.tasks({ ...this.#query, ...DETAILS, limit: this.#refreshed }, { signal });
    const { rows, newTasks } = refreshRows(this.rows, page);
    if (this.rows.length === 0 && !this.isLoading) {
      this.rows = page.tasks; // nothing is shown yet that could move
      this.#cursor = page.next_cursor;
    } else {
      this.rows = this.#addsNewTasks ? [...newTasks, ...rows] : rows;
      this.newTasks = this.#addsNewTasks ? 0 : newTasks.length;
    }
    this.#changed();
  }

  get #refreshed(): number {
    return Math.min(MAX_REFRESHED, Math.max(this.#pageSize, this.rows.length));
  }

  async #read(cursor: string | null): Promise<void> {
    const { signal } = this.#abort;
    this.isLoading = true;
    this.hasFailed = false;
    this.#changed();
    try {
      const page = await this.#page(cursor, signal);
      this.rows = cursor === null ? page.tasks : [...this.rows, ...page.tasks];
      this.#cursor = page.next_cursor;
      this.isLoaded = true;
      if (cursor === null) {
        this.newTasks = 0;
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      this.hasFailed = true;
      this.#fail(error);
    }
    if (!signal.aborted) {
      this.isLoading = false;
      this.#changed();
    }
  }

  /** A page of a search can be empty although further tasks match. */
  async #page(cursor: string | null, signal: AbortSignal): Promise<TaskPage> {
    let next = cursor;
    for (;;) {
      const page: TaskPage = await this.#api.tasks(
        { ...this.#query, ...DETAILS, limit: this.#pageSize, ...(next === null ? {} : { cursor: next }) }, { signal });
      if (page.tasks.length > 0 || page.next_cursor === null) {
        return page;
      }
      next = page.next_cursor;
    }
  }

  #poll(): void {
    const { signal } = this.#abort;
    clearTimeout(this.#timer);
    if (signal.aborted) {
      return;
    }
    this.#timer = setTimeout(() => {
      void this.#refreshIfChanged(signal).then(() => {
        if (!signal.aborted) {
          this.#poll();
        }
      });
    }, POLL_MS);
  }

  /** A connection that fails for a moment is no error: the next poll tries again. */
  async #refreshIfChanged(signal: AbortSignal): Promise<void> {
    if (document.hidden || this.isLoading) {
      return;
    }
    try {
      const { page, etag } = await this.#api.tasksIfChanged({ ...this.#query, limit: this.#refreshed }, this.#etag, { signal });
      if (page !== null) {
        await this.refresh();
      }
      this.#etag = etag;
    } catch (error) {
      if (!signal.aborted && !isAbort(error) && !(error instanceof Problem && error.isTransient)) {
        this.close();
        this.#fail(error);
      }
    }
  }

  #fail(error: unknown): void {
    this.dispatchEvent(new CustomEvent('error', { detail: error }));
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
