import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { guard } from '../vendor/lit-html/directives/guard.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { describe, hasFailed } from '../action.js';
import { beginning } from '../excerpts.js';
import { isSame } from './align.js';

const PAGE = 200;
const DEED = 120;

/** Rows of two runs, of which those around the chosen one are there. Fires `choose` with a row's place. */
export class Rows extends EventTarget {
  #t;
  #rows = [];
  #current = 0;
  #from = 0;
  #to = PAGE;
  element = document.createElement('div');

  constructor(t) {
    super();
    this.#t = t;
    this.element.className = 'card aligned';
  }

  /** Where the list was scrolled to it stays. */
  update(rows, current) {
    this.#rows = rows;
    this.#current = current;
    this.#render();
  }

  /** Marks the row and brings it into the list. */
  choose(index) {
    this.#current = index;
    if (index < this.#from || index >= this.#to) {
      this.#from = Math.max(0, index - PAGE / 2);
      this.#to = this.#from + PAGE;
    }
    this.#render();
    const list = this.element.querySelector('.rows');
    const row = list.children[index - this.#from];
    if (row && (row.offsetTop < list.scrollTop || row.offsetTop + row.offsetHeight > list.scrollTop + list.clientHeight)) {
      list.scrollTop = row.offsetTop - list.clientHeight / 2;
    }
  }

  #render() {
    const t = this.#t;
    const shown = this.#rows.slice(this.#from, this.#to).map((row, offset) => ({ row, index: this.#from + offset }));
    render(html`
      ${this.#from > 0 ? html`<button type="button" @click=${() => this.#show(this.#from - PAGE, this.#to)}>${t.earlier}</button>` : nothing}
      <ol class="rows" tabindex="0" aria-label=${t.compareTitle}>${repeat(shown, ({ index }) => index, ({ row, index }) =>
        guard([...row, index === this.#current], () => this.#line(row, index)))}</ol>
      ${this.#to < this.#rows.length ? html`<button type="button" @click=${() => this.#show(this.#from, this.#to + PAGE)}>${t.later}</button>` : nothing}`,
    this.element);
  }

  #show(from, to) {
    this.#from = Math.max(0, from);
    this.#to = to;
    this.#render();
  }

  #line(row, index) {
    const same = isSame(row);
    return html`
      <li class=${same ? 'same' : 'differs'} aria-current=${index === this.#current ? 'true' : nothing}>
        <button type="button" class="plain" @click=${() => this.dispatchEvent(new CustomEvent('choose', { detail: index }))}>
          <span dir="auto">${deedTemplate(row[0], this.#t)}</span>
          <span class="sign">${same ? '=' : '≠'}<span class="unseen">${same ? '' : this.#t.differs}</span></span>
          <span dir="auto">${deedTemplate(row[1], this.#t)}</span></button></li>`;
  }
}

/** What a step did; of null, that there is none. */
export function deedTemplate(step, t) {
  return step === null
    ? html`<span class="quiet">${t.nothingHere}</span>`
    : html`<span class="number">${step.step_number}</span> ${beginning(describe(step, t), DEED)}
        ${hasFailed(step) ? html`<strong class="wrong">${t.failed}</strong>` : nothing}`;
}
