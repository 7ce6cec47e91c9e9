interface Entry<T> {
  readonly run: () => Promise<T>;
  priority: number;
  readonly signal: AbortSignal | undefined;
  readonly result: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs a bounded number of requests at a time. The waiting request with the lowest priority number runs next; among equal ones the
 * newest, because it is nearest to where the user is now.
 */
export class RequestQueue<T> {
  readonly #maxRunning: number;
  #running = 0;
  readonly #waiting: Entry<T>[] = [];

  constructor(maxRunning: number) {
    this.#maxRunning = maxRunning;
  }

  /**
   * @param priority lower numbers run earlier
   * @param signal removes the request if it has not started; afterwards the request must observe the signal itself
   */
  add(run: () => Promise<T>, priority: number, signal?: AbortSignal): Promise<T> {
    const { promise: result, resolve, reject } = withResolvers<T>();
    this.#waiting.push({ run, priority, signal, result, resolve, reject });
    this.#startNext();
    return result;
  }

  /** Raises the priority of a waiting request, given the promise that {@link add} returned. */
  raise(result: Promise<T>, priority: number): void {
    const index = this.#waiting.findIndex((entry) => entry.result === result);
    const entry = this.#waiting[index];
    if (entry !== undefined && priority <= entry.priority) {
      this.#waiting.splice(index, 1);
      entry.priority = priority;
      this.#waiting.push(entry);
    }
  }

  #startNext(): void {
    while (this.#running < this.#maxRunning) {
      const entry = this.#takeNext();
      if (entry === null) {
        return;
      }
      if (entry.signal?.aborted) {
        entry.reject(entry.signal.reason);
        continue;
      }
      this.#running++;
      void entry.run().then(entry.resolve, entry.reject).finally(() => {
        this.#running--;
        this.#startNext();
      });
    }
  }

  #takeNext(): Entry<T> | null {
    let best = this.#waiting.length - 1;
    this.#waiting.forEach(({ priority }, index) => {
      if (priority < (this.#waiting[best]?.priority ?? 0)) {
        best = index;
      }
    });
    return this.#waiting.splice(best, 1)[0] ?? null;
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
