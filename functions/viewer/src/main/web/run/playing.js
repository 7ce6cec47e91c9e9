const SHORTEST_MS = 700;
const LONGEST_MS = 2500;
const USUAL_MS = 1200;

export const SPEEDS = [0.5, 1, 2, 4];

/** Goes on by itself, from picture to picture, each shown for as long as it was seen; but neither a blink nor for ever. */
export class Playing {
  #shown;
  #advance;
  #timer = null;
  #turn = null;
  isOn = false;
  /** One of the above. */
  speed = 1;

  /**
   * @param shown gives `{duration, pictures, isThere}` of what is shown: the milliseconds of its step, null if nobody knows, for so many
   *     pictures; and when it is drawn
   * @param advance goes on to the next one
   */
  constructor(shown, advance) {
    this.#shown = shown;
    this.#advance = advance;
  }

  start() {
    this.isOn = true;
    this.again();
  }

  stop() {
    clearTimeout(this.#timer);
    this.isOn = false;
  }

  /** While it plays: what is shown is another, and has its whole time. */
  again() {
    clearTimeout(this.#timer);
    if (!this.isOn) {
      return;
    }
    const turn = (this.#turn = Symbol('turn'));
    const { duration, pictures } = this.#shown();
    const wait = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (duration ?? USUAL_MS) / Math.max(1, pictures)));
    this.#timer = setTimeout(async () => {
      await this.#shown().isThere;
      if (this.isOn && turn === this.#turn) {
        this.#advance();
      }
    }, wait / this.speed);
  }

  /** To the next quicker one, or slower by -1. */
  changeSpeed(by) {
    const index = SPEEDS.indexOf(this.speed) + by;
    this.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, index))];
  }
}
