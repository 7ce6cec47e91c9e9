import type { ApiClient } from '../../api/api-client.ts';
import type { StepScreenshot } from '../steps.ts';

/** URLs are not used any more shortly before they expire. */
const EXPIRY_MARGIN_MS = 30_000;
/** The API returns the URLs of the screenshots of this many steps. */
const BLOCK_SIZE = 50;
/** A block without a screenshot is read again after this time, because the screenshot may have arrived since. */
const MIN_AGE_TO_RELOAD_MS = 1000;

export interface Urls {
  readonly url: string;
  readonly thumbnailUrl: string | null;
}

interface Block {
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly urls: ReadonlyMap<string, Urls>;
}

interface Single {
  readonly key: string;
  readonly expiresAt: number;
  readonly urls: Urls;
}

/** The presigned URLs of a task's screenshots. Requests them by blocks of 50 steps, and again before they expire. */
export class ScreenshotUrls {
  readonly #api: ApiClient;
  readonly #taskId: string;
  /** By the number of the block's first step. */
  readonly #blocks = new Map<number, Promise<Block>>();
  #single: Promise<Single | null> = Promise.resolve(null);

  constructor(api: ApiClient, taskId: string) {
    this.#api = api;
    this.#taskId = taskId;
  }

  /** Starts to read the URL of the first screenshot to show, by a request whose response is small for any task. */
  prefetch(stepNumber: number): void {
    this.#single = this.#readSingle(stepNumber).catch(() => null); // the block will report the error
  }

  /** Returns the URLs of a screenshot; null if it does not exist. */
  async find(screenshot: StepScreenshot): Promise<Urls | null> {
    const key = keyOf(screenshot.stepNumber, screenshot.index);
    const single = await this.#single;
    if (single?.key === key && isFresh(single)) {
      return single.urls;
    }
    const first = firstOfBlock(screenshot.stepNumber);
    const wasRequested = this.#blocks.has(first);
    const block = await this.#block(first, isFresh);
    const found = block.urls.get(key);
    if (found !== undefined || !wasRequested) {
      return found ?? null;
    }
    const reloaded = await this.#block(first, ({ requestedAt }) => Date.now() - requestedAt < MIN_AGE_TO_RELOAD_MS);
    return reloaded.urls.get(key) ?? null;
  }

  /** Discards URLs that the server rejected: its credentials may have expired before the URLs. */
  async discard(screenshot: StepScreenshot, urls: Urls): Promise<void> {
    if ((await this.#single)?.urls === urls) {
      this.#single = Promise.resolve(null);
    }
    const first = firstOfBlock(screenshot.stepNumber);
    const block = this.#blocks.get(first);
    if (block !== undefined && [...(await block).urls.values()].includes(urls) && this.#blocks.get(first) === block) {
      this.#blocks.delete(first);
    }
  }

  async #readSingle(stepNumber: number): Promise<Single> {
    const requestedAt = Date.now();
    const { screenshot_index: index, url, thumbnail_url: thumbnailUrl } =
      await this.#api.screenshot(`${this.#taskId}.${stepNumber}`);
    return { key: keyOf(stepNumber, index), expiresAt: requestedAt + lifetimeOf(url), urls: { url, thumbnailUrl } };
  }

  /** @param isUsable whether a block that was requested before is good enough */
  async #block(first: number, isUsable: (block: Block) => boolean): Promise<Block> {
    const known = this.#blocks.get(first);
    if (known !== undefined && isUsable(await known)) {
      return known;
    }
    const requestedMeanwhile = this.#blocks.get(first);
    if (requestedMeanwhile !== undefined && requestedMeanwhile !== known) {
      return requestedMeanwhile;
    }
    const requested = this.#readBlock(first);
    this.#blocks.set(first, requested);
    requested.catch(() => {
      if (this.#blocks.get(first) === requested) {
        this.#blocks.delete(first);
      }
    });
    return requested;
  }

  async #readBlock(first: number): Promise<Block> {
    const requestedAt = Date.now();
    const urls = new Map<string, Urls>();
    let expiresAt = Infinity;
    let cursor: string | null = null;
    let lastStep = 0;
    do { // a page ends early if its steps have many screenshots
      const page = await this.#api.screenshots(this.#taskId, { min_number: first, ...(cursor === null ? {} : { cursor }) });
      for (const { step_number: stepNumber, screenshot_index: index, url, thumbnail_url: thumbnailUrl } of page.screenshots) {
        urls.set(keyOf(stepNumber, index), { url, thumbnailUrl });
        expiresAt = Math.min(expiresAt, requestedAt + lifetimeOf(url));
        lastStep = stepNumber;
      }
      cursor = page.screenshots.length > 0 ? page.next_cursor : null;
    } while (cursor !== null && lastStep < first + BLOCK_SIZE - 1);
    return { requestedAt, expiresAt, urls };
  }
}

function keyOf(stepNumber: number, index: number): string {
  return `${stepNumber}.${index}`;
}

function firstOfBlock(stepNumber: number): number {
  return stepNumber - ((stepNumber - 1) % BLOCK_SIZE);
}

/**
 * Returns the lifetime in milliseconds of a URL from its own parameter, because this machine's clock may differ from the server's.
 * Relative URLs do not expire; others without the parameter (signed by a CDN) have an expiry time in their policy and are read again
 * when the server rejects them.
 */
function lifetimeOf(url: string): number {
  if (url.startsWith('/')) {
    return Infinity;
  }
  const seconds = new URL(url).searchParams.get('X-Amz-Expires');
  return seconds === null ? Infinity : Number(seconds) * 1000;
}

function isFresh({ expiresAt }: { expiresAt: number }): boolean {
  return expiresAt - Date.now() > EXPIRY_MARGIN_MS;
}
