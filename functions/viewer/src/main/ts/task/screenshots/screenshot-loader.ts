import type { ApiClient } from '../../api/api-client.ts';
import { receive } from '../../api/http.ts';
import { Problem } from '../../api/problem.ts';
import type { StepScreenshot } from '../steps.ts';
import { LruCache } from './lru-cache.ts';
import { RequestQueue } from './request-queue.ts';
import { ScreenshotUrls, type Urls } from './screenshot-urls.ts';

const MIB = 1024 * 1024;
const MAX_REQUESTS = 6;
const MAX_STORED_BYTES = 16 * MIB;
const MAX_STORED_THUMBNAIL_BYTES = 12 * MIB;
const MAX_DECODED_BYTES = 16 * MIB;
const MAX_DECODED_THUMBNAIL_BYTES = 32 * MIB;

const FORBIDDEN = 403;
const NOT_FOUND = 404;
/** In pixels. Stored thumbnails are wider; in this width, those of 500 portrait screens fit into the memory for them. */
const THUMBNAIL_WIDTH = 80;

/** Priorities of requests. Fractions order requests of the same priority. */
export const URGENT = 0;
export const SOON = 1;
export const LATER = 2;

interface Options {
  readonly priority?: number;
  readonly signal?: AbortSignal | undefined;
}

interface Pending {
  readonly promise: Promise<Blob | null>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Loads and decodes a task's screenshots and their thumbnails. Keeps recently used ones, as files and as bitmaps, within fixed
 * limits of memory, so that a task may have any number of screenshots.
 */
export class ScreenshotLoader {
  readonly urls: ScreenshotUrls;
  readonly #api: ApiClient;
  readonly #queue = new RequestQueue<Blob | null>(MAX_REQUESTS);
  readonly #files = new LruCache<Blob>(MAX_STORED_BYTES);
  readonly #thumbnailFiles = new LruCache<Blob>(MAX_STORED_THUMBNAIL_BYTES);
  readonly #bitmaps = new LruCache<ImageBitmap>(MAX_DECODED_BYTES, (bitmap) => { bitmap.close(); });
  readonly #thumbnails = new LruCache<ImageBitmap>(MAX_DECODED_THUMBNAIL_BYTES, (bitmap) => { bitmap.close(); });
  readonly #pending = new Map<string, Pending>();

  constructor(api: ApiClient, taskId: string) {
    this.#api = api;
    this.urls = new ScreenshotUrls(api, taskId);
  }

  /** Returns the stored file of a screenshot; null if it does not exist any more. */
  async file(screenshot: StepScreenshot, options: Options = {}): Promise<Blob | null> {
    return this.#load(screenshot, false, options);
  }

  /** Loads the thumbnail, or the screenshot if it has none, so that it can be decoded at once later. */
  async preload(screenshot: StepScreenshot, options: Options = {}): Promise<void> {
    await this.#load(screenshot, await this.#hasThumbnail(screenshot), options);
  }

  /** Whether the screenshot itself is loaded. */
  isLoaded(screenshot: StepScreenshot): boolean {
    return this.#files.has(keyOf(screenshot));
  }

  /** Whether the thumbnail is loaded. */
  isThumbnailLoaded(screenshot: StepScreenshot): boolean {
    return this.#thumbnailFiles.has(keyOf(screenshot));
  }

  /**
   * Returns the decoded screenshot, reduced to a width in pixels if it is wider. Draw it before the next call: the cache may close it.
   *
   * @return null if the screenshot does not exist any more
   */
  async bitmap(screenshot: StepScreenshot, width: number, options: Options = {}): Promise<ImageBitmap | null> {
    const key = `${keyOf(screenshot)}@${width}`;
    const known = this.#bitmaps.get(key);
    if (known !== undefined) {
      return known;
    }
    const file = await this.file(screenshot, options);
    if (file === null) {
      return null;
    }
    options.signal?.throwIfAborted();
    const bitmap = await createImageBitmap(file, width < screenshot.width ? { resizeWidth: width, resizeQuality: 'medium' } : {});
    this.#bitmaps.set(key, bitmap, bitmap.width * bitmap.height * 4);
    return bitmap;
  }

  /** Returns the decoded thumbnail if it is in memory, for drawing without delay. */
  thumbnailIfDecoded(screenshot: StepScreenshot): ImageBitmap | undefined {
    return this.#thumbnails.get(keyOf(screenshot));
  }

  /** Returns the decoded thumbnail, or the screenshot reduced to its size; null if it does not exist any more. */
  async thumbnail(screenshot: StepScreenshot, options: Options = {}): Promise<ImageBitmap | null> {
    const key = keyOf(screenshot);
    const known = this.#thumbnails.get(key);
    if (known !== undefined) {
      return known;
    }
    const hasThumbnail = await this.#hasThumbnail(screenshot);
    const file = await this.#load(screenshot, hasThumbnail, options);
    if (file === null) {
      return null;
    }
    options.signal?.throwIfAborted();
    const bitmap = await createImageBitmap(file, { resizeWidth: THUMBNAIL_WIDTH, resizeQuality: hasThumbnail ? 'low' : 'medium' });
    this.#thumbnails.set(key, bitmap, bitmap.width * bitmap.height * 4);
    return bitmap;
  }

  async #hasThumbnail(screenshot: StepScreenshot): Promise<boolean> {
    return this.#thumbnailFiles.has(keyOf(screenshot)) || Boolean((await this.urls.find(screenshot))?.thumbnailUrl);
  }

  /** Sends one request for all callers that want the same file meanwhile. */
  async #load(screenshot: StepScreenshot, isThumbnail: boolean, { priority = SOON, signal }: Options): Promise<Blob | null> {
    const files = isThumbnail ? this.#thumbnailFiles : this.#files;
    const key = keyOf(screenshot);
    const known = files.get(key);
    if (known !== undefined) {
      return known;
    }
    signal?.throwIfAborted();
    const pendingKey = isThumbnail ? `${key} thumbnail` : key;
    const pending = this.#pending.get(pendingKey);
    if (pending !== undefined && !pending.signal?.aborted) {
      this.#queue.raise(pending.promise, priority);
      try {
        return await pending.promise;
      } catch (error) {
        signal?.throwIfAborted();
        if (pending.signal?.aborted !== true) {
          throw error;
        }
        return this.#load(screenshot, isThumbnail, { priority, signal }); // the first caller has aborted it
      }
    }
    const promise = this.#queue.add(async () => {
      const file = await this.#fetch(screenshot, isThumbnail, signal);
      if (file !== null) {
        files.set(key, file, file.size);
      }
      return file;
    }, priority, signal);
    const entry = { promise, signal };
    this.#pending.set(pendingKey, entry);
    const forget = () => {
      if (this.#pending.get(pendingKey) === entry) {
        this.#pending.delete(pendingKey);
      }
    };
    promise.then(forget, forget);
    return promise;
  }

  async #fetch(screenshot: StepScreenshot, isThumbnail: boolean, signal: AbortSignal | undefined): Promise<Blob | null> {
    const request = async (urls: Urls | null) =>
      (urls === null ? null : this.#api.image((isThumbnail ? urls.thumbnailUrl : null) ?? urls.url, { signal }));
    const urls = await this.urls.find(screenshot);
    let response = await request(urls);
    if (urls !== null && response?.status === FORBIDDEN) {
      await this.urls.discard(screenshot, urls);
      response = await request(await this.urls.find(screenshot));
    }
    if (response === null || response.status === NOT_FOUND) {
      return null;
    }
    if (!response.ok) {
      throw await Problem.of(response);
    }
    const image = response;
    return receive(() => image.blob(), signal);
  }
}

function keyOf({ stepNumber, index }: StepScreenshot): string {
  return `${stepNumber}.${index}`;
}
