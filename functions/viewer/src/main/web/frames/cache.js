/** Keeps what was used last, up to a size in all. */
export class Cache {
  #most;
  #size = 0;
  #entries = new Map();
  #drop;

  /**
   * @param most the sum of sizes
   * @param drop is told of each value that goes
   */
  constructor(most, drop = () => {}) {
    this.#most = most;
    this.#drop = drop;
  }

  get(key) {
    const entry = this.#entries.get(key);
    if (!entry) {
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  has(key) {
    return this.#entries.has(key);
  }

  /** The newest stays, however large it is. */
  put(key, value, size) {
    this.#remove(key);
    this.#entries.set(key, { value, size });
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#most || oldest === key) {
        break;
      }
      this.#remove(oldest);
    }
  }

  clear() {
    [...this.#entries.keys()].forEach((key) => this.#remove(key));
  }

  #remove(key) {
    const entry = this.#entries.get(key);
    if (entry) {
      this.#entries.delete(key);
      this.#size -= entry.size;
      this.#drop(entry.value);
    }
  }
}
