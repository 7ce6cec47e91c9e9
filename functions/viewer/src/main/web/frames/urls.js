const MARGIN_MS = 30_000;
const BLOCK = 50;
const AGAIN_MS = 1000;

/**
 * Addresses of a run's pictures, which work for some minutes: asked for by blocks of fifty steps as they are needed, and again before
 * they expire.
 */
export class Urls {
  #api;
  #taskId;
  /** By the number with which a block begins. */
  #blocks = new Map();
  #first = null;

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
    const first = await this.#first;
    if (first?.key === key && isFresh(first)) {
      return first;
    }
    const begin = beginOf(stepNumber);
    const asked = this.#blocks.get(begin);
    const block = await this.#block(begin, (known) => isFresh(known));
    return block.urls.get(key) ?? (asked ? this.#since(begin, key) : null);
  }

  /** The one to begin with, by a request that is small however long the run is. */
  first(stepNumber) {
    this.#first = this.#single(stepNumber).catch(() => null); // then it is asked for as the others are, which tells
  }

  /** Requests the image at an address that {@link of} gave. */
  async fetch(url, signal) {
    return this.#api.image(url, signal);
  }

  /** These, which {@link of} gave, work no more, whatever was said; nor do those that were signed with them. */
  async forget(stepNumber, urls) {
    if ((await this.#first) === urls) {
      this.#first = null;
    }
    const begin = beginOf(stepNumber);
    const block = this.#blocks.get(begin);
    if (block && [...(await block).urls.values()].includes(urls) && this.#blocks.get(begin) === block) {
      this.#blocks.delete(begin);
    }
  }

  /** One that has come since its block was asked for. */
  async #since(begin, key) {
    const block = await this.#block(begin, ({ askedAt }) => Date.now() - askedAt < AGAIN_MS);
    return block.urls.get(key) ?? null;
  }

  async #single(stepNumber) {
    const askedAt = Date.now();
    const { screenshot_index: ordinal, url, thumbnail_url: thumbnail } =
      await this.#api.get(`/steps/${this.#taskId}.${stepNumber}/screenshot`, { redirect: false });
    return { key: `${stepNumber}.${ordinal}`, url, thumbnail, expiresAt: askedAt + lifetime(url) };
  }

  /** @param isGood whether a block that was asked for before will do */
  async #block(begin, isGood) {
    const known = this.#blocks.get(begin);
    if (known && isGood(await known)) {
      return known;
    }
    const meanwhile = this.#blocks.get(begin);
    if (meanwhile && meanwhile !== known) {
      return meanwhile;
    }
    const asked = this.#load(begin);
    this.#blocks.set(begin, asked);
    asked.catch(() => this.#blocks.get(begin) === asked && this.#blocks.delete(begin));
    return asked;
  }

  async #load(begin) {
    const askedAt = Date.now();
    const screenshots = [];
    let page = null;
    do { // a page ends early where steps have many pictures
      page = await this.#api.get(`/tasks/${this.#taskId}/screenshots`, { min_number: begin, cursor: page?.next_cursor });
      screenshots.push(...page.screenshots);
    } while (page.next_cursor && page.screenshots.length && screenshots.at(-1).step_number < begin + BLOCK - 1);
    return {
      askedAt,
      expiresAt: screenshots.length ? askedAt + lifetime(screenshots[0].url) : Infinity,
      urls: new Map(screenshots.map(({ step_number: stepNumber, screenshot_index: ordinal, url, thumbnail_url: thumbnail }) =>
        [`${stepNumber}.${ordinal}`, { url, thumbnail }])),
    };
  }
}

function beginOf(stepNumber) {
  return stepNumber - ((stepNumber - 1) % BLOCK);
}

/**
 * As the address itself tells it, since this machine's clock may be another than the service's. An address of the service itself does
 * not expire.
 */
function lifetime(url) {
  if (url.startsWith('/')) {
    return Infinity;
  }
  return Number(new URL(url).searchParams.get('X-Amz-Expires')) * 1000;
}

function isFresh({ expiresAt }) {
  return expiresAt - Date.now() > MARGIN_MS;
}
