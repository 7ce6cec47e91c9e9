import { LATER, SOON } from './frames.js';

const STEPS = 3;
const NEXT = 2;
/** Of urgency, from one picture to the one after it. */
const LESS = 0.01;

/** Has pictures there before they are asked for. */
export class Ahead {
  #frames;
  #turn = new AbortController();

  constructor(frames) {
    this.#frames = frames;
  }

  /** Once this is drawn, those that come after it, the nearest first; what was asked for before is not any more. */
  async after(drawn, picturesOfNext) {
    this.#turn.abort();
    const { signal } = (this.#turn = new AbortController());
    await drawn;
    if (!signal.aborted) {
      picturesOfNext(STEPS + 1).filter((picture) => !picture.sensitive).forEach((picture, place) =>
        this.#frames.blob(picture, { urgency: (place < NEXT ? SOON : LATER) + place * LESS, signal }).catch(() => {})); // who shows it tells
    }
  }
}
