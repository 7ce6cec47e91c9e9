/**
 * Runs so many tasks at a time and no more; of those that wait, the most urgent first, and of equally urgent ones the latest, since
 * that is where the reader is now.
 */
export class Queue {
  #most;
  #underWay = 0;
  #waiting = [];

  constructor(most) {
    this.#most = most;
  }

  /**
   * @param task makes a promise
   * @param urgency less is sooner
   * @param signal aborts it if it has not begun, and is the task's to heed afterwards
   */
  run(task, urgency, signal) {
    const entry = { task, urgency, signal };
    entry.result = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
    this.#waiting.push(entry);
    this.#next();
    return entry.result;
  }

  /** Somebody else waits for what {@link run} gave, to whom it is as urgent as this; no matter if it has begun. */
  raise(result, urgency) {
    const place = this.#waiting.findIndex((entry) => entry.result === result);
    if (place >= 0 && urgency <= this.#waiting[place].urgency) {
      this.#waiting.push({ ...this.#waiting.splice(place, 1)[0], urgency });
    }
  }

  #next() {
    while (this.#underWay < this.#most && this.#waiting.length) {
      const { task, signal, resolve, reject } = this.#take();
      if (signal?.aborted) {
        reject(signal.reason);
        continue;
      }
      this.#underWay++;
      task().then(resolve, reject).finally(() => {
        this.#underWay--;
        this.#next();
      });
    }
  }

  #take() {
    let best = this.#waiting.length - 1;
    for (let i = best - 1; i >= 0; i--) {
      if (this.#waiting[i].urgency < this.#waiting[best].urgency) {
        best = i;
      }
    }
    return this.#waiting.splice(best, 1)[0];
  }
}
