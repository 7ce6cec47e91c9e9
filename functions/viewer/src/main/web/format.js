/** Values as people read them, in the reader's language and zone. */
export class Format {
  #time;
  #clock;
  #number;
  #t;

  constructor(t) {
    this.#t = t;
    this.#time = new Intl.DateTimeFormat(t.locale, { dateStyle: 'medium', timeStyle: 'medium' });
    this.#clock = new Intl.DateTimeFormat(t.locale, { timeStyle: 'medium' });
    this.#number = new Intl.NumberFormat(t.locale);
  }

  time(iso) {
    return iso ? this.#time.format(new Date(iso)) : this.#t.unknown;
  }

  clock(iso) {
    return this.#clock.format(new Date(iso));
  }

  number(value) {
    return this.#number.format(value);
  }

  percent(share) {
    return share === null || share === undefined ? this.#t.unknown : `${this.#number.format(Math.round(share * 1000) / 10)} %`;
  }

  /** Milliseconds as `120 ms`, `5.1 s`, `2:03 min` or `1:02:03 h`. */
  duration(ms) {
    if (ms === null || ms === undefined) {
      return this.#t.unknown;
    }
    const units = this.#t.units;
    if (ms < 1000) {
      return `${Math.round(ms)} ${units.ms}`;
    }
    if (ms < 59_950) {
      return `${(ms / 1000).toFixed(1)} ${units.s}`;
    }
    const seconds = Math.round(ms / 1000);
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const two = (value) => String(value).padStart(2, '0');
    return h ? `${h}:${two(m)}:${two(s)} ${units.h}` : `${m}:${two(s)} ${units.min}`;
  }
}
