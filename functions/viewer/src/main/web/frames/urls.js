const MARGIN_MS = 30_000;

/**
 * Addresses of a run's pictures, which work for some minutes: asked for by pages of some steps as they are needed, and again before they
 * expire.
 */
export class Urls {
  #api;
  #taskId;
  /** In order; each begins where the one before ends. */
  #pages = [];
  #singles = new Map();

  constructor(api, taskId) {
    this.#api = api;
    this.#taskId = taskId;
  }

  /**
   * Of one picture; null if it is not there.
   *
   * @return `{url, thumbnail}`, thumbnail null where there is none
   */
  async of(stepNumber, ordinal) {
    const key = `${stepNumber}.${ordinal}`;
    const single = this.#singles.get(key);
    if (single && isFresh(single)) {
      return single;
    }
    for (let index = 0; ; index++) {
      const page = await this.#page(index, stepNumber);
      if (page === null) {
        return this.#ask(stepNumber, ordinal);
      }
      if (page.urls.has(key)) {
        return page.urls.get(key);
      }
    }
  }

  /** The one to begin with, by a request that is small however long the run is. */
  async first(stepNumber) {
    return this.#single(stepNumber, {});
  }

  /** They work no more, whatever was said. */
  forget() {
    this.#singles.clear();
    this.#pages.forEach(({ promise }) => promise.then((page) => { page.expiresAt = 0; }, () => {})); // who waits for it is told
  }

  /** One that has come since its page was asked for. */
  async #ask(stepNumber, ordinal) {
    for (const role of ['before', 'after', 'other']) {
      try {
        const found = await this.#single(stepNumber, { role });
        if (found.ordinal === ordinal) {
          return found;
        }
      } catch (problem) {
        if (problem.status !== 404) {
          throw problem;
        }
      }
    }
    return null;
  }

  async #single(stepNumber, which) {
    const asked = Date.now();
    const { ordinal, url, thumbnail_url: thumbnail } =
      await this.#api.get(`/steps/${this.#taskId}.${stepNumber}/screenshot`, { redirect: false, ...which });
    const single = { ordinal, url, thumbnail: thumbnail ?? null, expiresAt: asked + lifetime(url) };
    this.#singles.set(`${stepNumber}.${ordinal}`, single);
    return single;
  }

  /** The page of this place; null where there is none, or the step cannot be in it. */
  async #page(index, stepNumber) {
    const before = index === 0 ? null : await this.#pages[index - 1].promise;
    if (before && (before.next === null || before.last >= stepNumber)) {
      return null;
    }
    const known = this.#pages[index];
    const page = known && (await known.promise);
    if (page && (isFresh(page) || page.last < stepNumber)) {
      return page;
    }
    if (this.#pages[index] === known) {
      this.#pages[index] = { promise: this.#load(before?.next ?? null) };
      this.#pages[index].promise.catch(() => this.#pages.splice(index));
    }
    return this.#pages[index].promise;
  }

  async #load(cursor) {
    const asked = Date.now();
    const { screenshots, next_cursor: next } = await this.#api.get(`/tasks/${this.#taskId}/screenshots`, { cursor });
    const expiresAt = screenshots.length ? asked + lifetime(screenshots[0].url) : Infinity;
    const urls = new Map(screenshots.map(({ step_number: stepNumber, ordinal, url, thumbnail_url: thumbnail }) =>
      [`${stepNumber}.${ordinal}`, { url, thumbnail }]));
    return { urls, expiresAt, next, last: screenshots.at(-1)?.step_number ?? 0 };
  }
}

/** As the address itself tells it, since this machine's clock may be another than the service's. */
function lifetime(url) {
  return Number(new URL(url).searchParams.get('X-Amz-Expires')) * 1000;
}

function isFresh({ expiresAt }) {
  return expiresAt - Date.now() > MARGIN_MS;
}
