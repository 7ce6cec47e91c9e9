import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { guard } from '../vendor/lit-html/directives/guard.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { describe, hasFailed, knownType } from '../action.js';
import { cutsOf, leftOut } from '../cuts.js';
import { Excerpts, beginning } from '../excerpts.js';
import { found, split } from './text.js';

const PAGE = 30;
const HEADLINE = 300;
const TEXT = 3000;
const TYPING_MS = 150;
const PASSING_MS = 100;

/** All steps in full, thirty or so at a time; searched in the browser. Fires `choose` with a step's number. */
export class StepList extends EventTarget {
  #run;
  #t;
  #format;
  #text = '';
  #onlyFailed = false;
  #current = 0;
  #from = 0;
  #to = PAGE;
  /** Numbers of those whose JSON is shown. */
  #open = new Set();
  #typing = null;
  #passing = null;
  #matching = [];
  #excerpts;
  element = document.createElement('section');

  constructor(run, t, format) {
    super();
    this.#run = run;
    this.#t = t;
    this.#format = format;
    this.#excerpts = new Excerpts(t, format, () => this.#render());
    this.element.className = 'steps';
    this.element.setAttribute('aria-label', t.stepsHeading);
  }

  /** Takes up what has arrived; the marked step stays in the list, also when many others arrive before it. */
  update() {
    const wasThere = this.element.querySelector('[aria-current]') !== null;
    this.#match();
    if (wasThere && !this.#isThere) {
      this.#bring();
    } else {
      this.#render();
    }
  }

  #match() {
    this.#matching = this.#run.steps.filter((step) =>
      (!this.#onlyFailed || hasFailed(step)) && (this.#text === '' || found(step, this.#text, `${this.#type(step)} ${describe(step, this.#t)}`)));
  }

  /** Marks the step and brings it into the list; where that means others than are there, once the reader does not go on at once. */
  choose(number) {
    this.#current = number;
    clearTimeout(this.#passing);
    this.#render();
    if (this.#isThere) {
      this.#scroll();
    } else {
      this.#passing = setTimeout(() => this.#bring(), PASSING_MS);
    }
  }

  get #place() {
    return this.#matching.findIndex((step) => step.step_number === this.#current);
  }

  get #isThere() {
    return this.#place >= this.#from && this.#place < this.#to;
  }

  #bring() {
    if (this.#place >= 0 && !this.#isThere) {
      this.#from = Math.max(0, this.#place - PAGE / 2);
      this.#to = this.#from + PAGE;
    }
    this.#render();
    this.#scroll();
  }

  #scroll() {
    const item = this.element.querySelector('[aria-current]');
    const list = item?.closest('ol');
    if (list && list.scrollHeight > list.clientHeight) {
      const top = item.offsetTop;
      if (top < list.scrollTop || top + Math.min(item.offsetHeight, list.clientHeight) > list.scrollTop + list.clientHeight) {
        list.scrollTop = top;
      }
    }
  }

  #searchSoon(text) {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#search(text), TYPING_MS);
  }

  #search(text) {
    this.#text = text.trim();
    this.#from = 0;
    this.#to = PAGE;
    this.#match();
    this.#render();
  }

  #render() {
    const t = this.#t;
    const shown = this.#matching.slice(this.#from, this.#to);
    render(html`
      <h2>${t.stepsHeading}</h2>
      <form class="search" role="search" @submit=${(event) => event.preventDefault()}>
        <label>${t.searchSteps} <input type="search" @input=${(event) => this.#searchSoon(event.target.value)}></label>
        <label><input type="checkbox" @change=${(event) => {
          this.#onlyFailed = event.target.checked;
          this.#search(this.#text);
        }}> ${t.onlyFailed}</label>
        <output aria-live="polite">${this.#text || this.#onlyFailed ? t.matches(this.#matching.length) : nothing}</output>
      </form>
      ${this.#from > 0 ? html`<button type="button" @click=${() => this.#more(-PAGE)}>${t.earlier}</button>` : nothing}
      <ol tabindex="0" aria-label=${t.stepsHeading}>${repeat(shown, (step) => step.step_number, (step) => this.#kept(step))}</ol>
      ${this.#to < this.#matching.length ? html`<button type="button" @click=${() => this.#more(PAGE)}>${t.later}</button>` : nothing}`,
    this.element);
  }

  #more(by) {
    if (by < 0) {
      this.#from = Math.max(0, this.#from + by);
    } else {
      this.#to += by;
    }
    this.#render();
  }

  /** Made anew only where it would be another: who scrubs passes a step a frame. */
  #kept(step) {
    return guard([step, step.step_number === this.#current, this.#text, this.#open.size, this.#excerpts.size], () => this.#item(step));
  }

  #item(step) {
    const t = this.#t;
    const number = step.step_number;
    return html`
      <li class="step type-${knownType(step)} ${hasFailed(step) ? 'failed' : ''}" data-step=${number}
          aria-current=${number === this.#current ? 'step' : nothing}>
        <h3><button type="button" class="plain" @click=${() => this.dispatchEvent(new CustomEvent('choose', { detail: number }))}
            title=${t.showIt}><span class="number">${number}</span> <span dir="auto">${this.#marked(beginning(describe(step, t), HEADLINE))}</span></button></h3>
        <p class="quiet"><bdi>${this.#type(step)}</bdi> · ${this.#format.clock(step.timestamp)}
          ${step.duration_ms === null ? nothing : html`· ${this.#format.duration(step.duration_ms)}`}
          ${hasFailed(step) ? html`· <strong class="wrong">${t.failed}</strong>` : nothing}</p>
        ${step.error_message ? html`<p class="wrong" dir="auto">${this.#long(step, 'error_message', step.error_message)}</p>` : nothing}
        ${step.thinking ? html`<div class="what"><span class="quiet">${t.thinking}</span>
          <div class="thinking" dir="auto">${this.#long(step, 'thinking', step.thinking)}</div></div>` : nothing}
        ${step.action ? this.#json(step, 'action', t.action) : nothing}
        ${step.action_result && Object.keys(step.action_result).length ? this.#json(step, 'action_result', t.result) : nothing}
        ${leftOut(step).map(({ name, length }) => html`<p class="what"><span class="quiet">${name(t)}</span>
          <em>${t.leftOut(this.#format.number(length))}</em></p>`)}
        <details @toggle=${(event) => this.#toggle(number, event.target.open)}><summary>${t.raw}</summary>
          ${this.#open.has(number) ? html`<pre dir="ltr" tabindex="0">${JSON.stringify(step, null, 2)}</pre>` : nothing}</details>
      </li>`;
  }

  #json(step, field, label) {
    return html`<p class="what"><span class="quiet">${label}</span>
      <code dir="ltr">${this.#long(step, field, JSON.stringify(step[field]))}</code></p>`;
  }

  /** And whether it was longer still before it was stored. */
  #long(step, field, text) {
    const length = cutsOf(step)[field];
    const cut = length ? html` <em>${this.#t.cut(this.#format.number(length))}</em>` : nothing;
    return this.#excerpts.of(`${step.step_number} ${field}`, text, TEXT, (part) =>
      html`${this.#marked(part)}${part === text ? cut : nothing}`);
  }

  #type({ step_type: type }) {
    return Object.hasOwn(this.#t.type, type) ? this.#t.type[type] : type;
  }

  #toggle(number, isOpen) {
    if (isOpen !== this.#open.has(number)) {
      isOpen ? this.#open.add(number) : this.#open.delete(number);
      this.#render();
    }
  }

  #marked(text) {
    return this.#text === '' ? text : split(text, this.#text).map(({ text: part, isMatch }) =>
      (isMatch ? html`<mark>${part}</mark>` : part));
  }
}
