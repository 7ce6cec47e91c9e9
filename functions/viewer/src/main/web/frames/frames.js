import { blob } from '../api.js';
import { Cache } from './cache.js';
import { Queue } from './queue.js';

const MIB = 1024 * 1024;
const REQUESTS = 6;
const STORED = 12 * MIB;
const DECODED = 12 * MIB;

export const URGENT = 0;
export const SOON = 1;
export const LATER = 2;

/**
 * A run's pictures: fetched a few at a time, kept as they are stored and, fewer of them, as they are drawn. Bounded in memory however
 * long the run is.
 */
export class Frames {
  #urls;
  #queue = new Queue(REQUESTS);
  #blobs = new Cache(STORED);
  #bitmaps = new Cache(DECODED, (bitmap) => bitmap.close());
  #underWay = new Map();

  constructor(urls) {
    this.#urls = urls;
  }

  /**
   * The stored bytes of a picture.
   *
   * @param picture `{step, ordinal}`
   * @param small the thumbnail, where there is one
   * @param urgency one of the above, and a fraction where some of them come before others
   * @return null if it is not there any more
   */
  async blob(picture, { small = false, urgency = SOON, signal } = {}) {
    const known = this.#blobs.get(keyOf(picture, small));
    if (known) {
      return known;
    }
    const isSmall = small && (await this.#hasThumbnail(picture));
    signal?.throwIfAborted();
    const key = keyOf(picture, isSmall);
    return this.#blobs.get(key) ?? this.#shared(key, picture, { small: isSmall, urgency, signal });
  }

  /** One request, whoever asks for it meanwhile. */
  async #shared(key, picture, { small, urgency, signal }) {
    const fetching = this.#underWay.get(key);
    if (fetching && !fetching.signal?.aborted) {
      this.#queue.raise(fetching.promise, urgency);
      try {
        return await fetching.promise;
      } catch (error) {
        signal?.throwIfAborted();
        if (!fetching.signal?.aborted) {
          throw error;
        }
        return this.blob(picture, { small, urgency, signal }); // who asked first wants it no more
      }
    }
    const promise = this.#queue.run(() => this.#fetch(key, picture, small, signal), urgency, signal);
    const entry = { promise, signal };
    this.#underWay.set(key, entry);
    const forget = () => this.#underWay.get(key) === entry && this.#underWay.delete(key);
    promise.then(forget, forget);
    return promise;
  }

  /** Whether it needs no network any more. */
  has(picture, small) {
    return this.#blobs.has(keyOf(picture, small));
  }

  /**
   * Decoded to this width, not larger than it is stored. It may be closed once others were asked for: draw it at once.
   *
   * @return null as {@link blob}
   */
  async bitmap(picture, width, options = {}) {
    const small = Boolean(options.small) && (await this.#hasThumbnail(picture));
    const key = `${keyOf(picture, small)}@${width}`;
    const known = this.#bitmaps.get(key);
    if (known) {
      return known;
    }
    const blob = await this.blob(picture, { ...options, small });
    if (!blob) {
      return null;
    }
    options.signal?.throwIfAborted();
    const bitmap = await createImageBitmap(blob, small || !(width < picture.width)
      ? {} : { resizeWidth: width, resizeQuality: 'medium' });
    this.#bitmaps.put(key, bitmap, bitmap.width * bitmap.height * 4);
    return bitmap;
  }

  /** Without one the picture itself is what is fetched and kept, once. */
  async #hasThumbnail(picture) {
    return this.#blobs.has(keyOf(picture, true)) || Boolean((await this.#urls.of(picture.step, picture.ordinal))?.thumbnail);
  }

  async #fetch(key, picture, small, signal) {
    const response = await this.#ask(picture, small, signal);
    if (!response || response.status === 404) {
      return null;
    }
    if (!response.ok) {
      throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
    }
    const stored = await blob(response, signal);
    this.#blobs.put(key, stored, stored.size);
    return stored;
  }

  async #ask(picture, small, signal, isFirst = true) {
    const urls = await this.#urls.of(picture.step, picture.ordinal);
    const response = urls && (await this.#urls.fetch((small && urls.thumbnail) || urls.url, signal));
    if (response?.status !== 403 || !isFirst) {
      return response;
    }
    await this.#urls.forget(picture.step, urls); // who signed them may do so no longer, which ends them before their time
    return this.#ask(picture, small, signal, false);
  }
}

function keyOf({ step, ordinal }, small) {
  return `${step}.${ordinal}${small ? '.small' : ''}`;
}
