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
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, urgency, signal, resolve, reject });
      this.#next();
    });
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
