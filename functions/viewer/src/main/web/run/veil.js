/**
 * Which pictures that may show something private the reader has asked for, in this tab. Fires `lifted` when these are more than before.
 */
export class Veil extends EventTarget {
  #shown = new Set();
  #all = false;

  covers(picture) {
    return picture.sensitive && !this.#all && !this.#shown.has(`${picture.step}.${picture.ordinal}`);
  }

  lift(...pictures) {
    pictures.forEach(({ step, ordinal }) => this.#shown.add(`${step}.${ordinal}`));
    this.dispatchEvent(new Event('lifted'));
  }

  liftAll() {
    this.#all = true;
    this.dispatchEvent(new Event('lifted'));
  }
}
