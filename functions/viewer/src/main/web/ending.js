/** Reads on as the end of a list comes into sight. */
export class Ending {
  #watched = null;
  #sight;

  /** @param readOn is called while the end is in sight */
  constructor(readOn) {
    this.#sight = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && readOn(), { rootMargin: '600px' });
  }

  /** @param button the one at the end, by which a click reads on; null where nothing is to be read */
  watch(button) {
    if (button !== this.#watched) {
      this.#sight.disconnect();
      this.#watched = button;
    }
    if (button) {
      this.#sight.unobserve(button); // observed anew it is told again, if it is still in sight
      this.#sight.observe(button);
    }
  }
}
