import { html } from './vendor/lit-html/lit-html.js';

/** The text, or its beginning and a sign that it goes on. */
export function beginning(text, most) {
  return text.length <= most ? text : `${text.slice(0, isHalf(text, most) ? most - 1 : most)}…`;
}

/** Whether a character of two units would be cut between them. */
function isHalf(text, end) {
  return text.codePointAt(end - 1) > 0xffff;
}

/** Texts of any length: of each its beginning, and the whole once the reader has asked for it. */
export class Excerpts {
  #t;
  #format;
  #redraw;
  #whole = new Set();

  /** @param redraw has the page show what {@link of} gives now */
  constructor(t, format, redraw) {
    this.#t = t;
    this.#format = format;
    this.#redraw = redraw;
  }

  /** How many were asked for. */
  get size() {
    return this.#whole.size;
  }

  /**
   * What to show of a text, alone in its element.
   *
   * @param key by which it is known when it is shown again
   * @param most characters of its beginning
   * @param show makes of text what is shown of it
   */
  of(key, text, most, show = (part) => part) {
    if (text.length <= most || this.#whole.has(key)) {
      return show(text);
    }
    const more = this.#t.all(this.#format.number(text.length));
    const showWhole = ({ target }) => this.#showWhole(key, target.parentElement);
    return html`${show(beginning(text, most))} <button type="button" @click=${showWhole}>${more}</button>`;
  }

  /** The button goes, so that whoever reads by keyboard goes on at the text. */
  #showWhole(key, element) {
    this.#whole.add(key);
    this.#redraw();
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }
}
