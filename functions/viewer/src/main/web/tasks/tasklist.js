import { PagedList } from '../paged.js';

const PAGE = 50;
const POLL_MS = 5000;
/** In place of a task that was deleted. */
const GONE = {};

/** The reader's tasks, newest first, as far as they were read; those that the filters name. */
export class TaskList extends PagedList {
  #api;
  #filters;
  #etags = new Map();
  tasks = [];

  constructor(api, filters) {
    super(
      (cursor, signal) => this.#page(cursor, signal),
      (page, isFirst) => { this.tasks = isFirst ? page.tasks : [...this.tasks, ...page.tasks]; },
    );
    this.#api = api;
    this.#filters = filters;
  }

  async #page(cursor, signal) {
    let page = { next_cursor: cursor };
    do { // a page of a search can be empty although further tasks match
      page = await this.#api.get('/tasks', { ...this.#filters.query, limit: PAGE, cursor: page.next_cursor }, signal);
    } while (page.tasks.length === 0 && page.next_cursor !== null);
    return page;
  }

  /** New tasks come to the head, and those that run are asked for one by one; until the reader is signed out. */
  async keepUpToDate() {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (document.hidden || this.isLoading) {
        continue;
      }
      try {
        await this.#refresh();
      } catch (error) {
        if (error.status === 401) {
          throw error;
        }
        console.info('the list is not up to date', error); // the next turn tries again
      }
    }
  }

  async #refresh() {
    const { signal } = this;
    const { tasks: newest, next_cursor: older } = await this.#page(null, signal);
    const known = new Set(this.tasks.map((task) => task.task_id));
    if (this.tasks.length && older && !newest.some((task) => known.has(task.task_id))) {
      await this.load(); // more have come than a page holds: between these and those that are shown some would be missing
      return;
    }
    const fresh = new Map(newest.map((task) => [task.task_id, task]));
    for (const { task_id: id, status } of this.tasks) {
      if (status === 'running' && !fresh.has(id)) {
        fresh.set(id, await this.#current(id, signal));
      }
    }
    if (signal.aborted) {
      return;
    }
    this.tasks = [...newest.filter((task) => !known.has(task.task_id)), ...this.tasks.map((task) => fresh.get(task.task_id) ?? task)]
      .filter((task) => task !== GONE && this.#filters.admits(task));
    this.changed();
  }

  /** A task as it is now; null if it is as before. */
  async #current(id, signal) {
    try {
      const { body, etag } = await this.#api.revalidate(`/tasks/${id}`, this.#etags.get(id), signal);
      this.#etags.set(id, etag);
      return body;
    } catch (problem) {
      if (problem.status === 404) {
        return GONE;
      }
      throw problem;
    }
  }
}
