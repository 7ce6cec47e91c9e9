interface Entry<T> {
  readonly value: T;
  readonly size: number;
}

/** Keeps the most recently used values up to a total size. The newest value stays, whatever its size. */
export class LruCache<T> {
  readonly #maxSize: number;
  readonly #dispose: (value: T) => void;
  readonly #entries = new Map<string, Entry<T>>();
  #size = 0;

  /**
   * @param maxSize the maximum of the sum of all sizes
   * @param dispose is called with each removed value
   */
  constructor(maxSize: number, dispose: (value: T) => void = () => undefined) {
    this.#maxSize = maxSize;
    this.#dispose = dispose;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return entry?.value;
  }

  /** Does not count as a use. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  set(key: string, value: T, size: number): void {
    this.#remove(key);
    this.#entries.set(key, { value, size });
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#maxSize || oldest === key) {
        break;
      }
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#entries.delete(key);
      this.#size -= entry.size;
      this.#dispose(entry.value);
    }
  }
}
