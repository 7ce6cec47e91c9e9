import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { changes } from './pixels.js';
import { nameOf, picturesOf } from './run.js';
import { Wipe } from './wipe.js';

const WIDTH = 360;
const NEAR = 50;
const PASSING_MS = 150;

/** Two screens of a run, before and after a step or any two, and what differs between them. */
export class Difference {
  #run;
  #frames;
  #veil;
  #t;
  #step = null;
  #from = null;
  #to = null;
  #wipe;
  #marks = true;
  #result = null;
  #failure = null;
  #turn = new AbortController();
  #passing = null;
  #isOpen = false;
  element = document.createElement('details');

  constructor(run, frames, veil, t) {
    this.#run = run;
    this.#frames = frames;
    this.#veil = veil;
    this.#t = t;
    this.#wipe = new Wipe(t);
    this.element.className = 'card difference';
    this.element.addEventListener('toggle', () => {
      this.#isOpen = this.element.open;
      if (this.#isOpen && this.#step) {
        this.#compareAt(this.#step);
      }
    });
    veil.addEventListener('lifted', () => this.#result ?? this.#compare());
    this.#render();
  }

  /** Takes up what has arrived, which may be what comes after the last step. */
  update() {
    this.element.hidden = this.#run.steps.length === 0;
    const number = this.#step?.step_number;
    this.#step = this.#run.steps.find((step) => step.step_number === number) ?? this.#step;
    if (this.#isOpen && this.#step && !this.#to) {
      this.#compareAt(this.#step);
    } else if (this.#isOpen) {
      this.#render();
    }
  }

  /** Before and after this step; after it is before the next one, where nothing was seen after. */
  choose(step) {
    this.#step = step;
    clearTimeout(this.#passing);
    if (this.#isOpen) {
      this.#turn.abort();
      this.#passing = setTimeout(() => this.#compareAt(step), PASSING_MS); // who goes on need not wait for what they passed
    }
  }

  #compareAt(step) {
    const pictures = picturesOf(step);
    const index = this.#run.steps.findIndex((other) => other.step_number === step.step_number);
    const after = this.#run.steps.find((other, place) => place > index && other.screenshots.length > 0);
    const next = after && picturesOf(after)[0];
    this.#from = pictures.find(({ role }) => role === 'before') ?? pictures[0] ?? null;
    this.#to = pictures.find(({ role }) => role === 'after') ?? next ?? null;
    this.#compare();
  }

  async #compare() {
    if (!this.#isOpen) {
      return;
    }
    this.#turn.abort();
    const turn = new AbortController();
    this.#turn = turn;
    this.#result = null;
    this.#failure = null;
    this.#render();
    if (!this.#from || !this.#to || this.#covered.length) {
      return;
    }
    if (Math.abs(this.#from.width * this.#to.height - this.#to.width * this.#from.height) > this.#from.width * this.#to.width * 0.01) {
      this.#failure = this.#t.cannotCompare;
      this.#render();
      return;
    }
    try {
      const [from, to] = [await this.#pixels(this.#from, turn.signal), await this.#pixels(this.#to, turn.signal)];
      if (turn === this.#turn) {
        const name = `${nameOf(this.#from, this.#t)} | ${nameOf(this.#to, this.#t)}`;
        this.#result = { from, to, name, ...changes(from.data, to.data, from.width, from.height) };
        this.#render();
      }
    } catch (error) {
      if (turn === this.#turn) {
        this.#failure = this.#t.pictureFailed;
        this.#render();
      }
    }
  }

  async #pixels(picture, signal) {
    const width = Math.min(WIDTH, this.#from.width, this.#to.width);
    const height = Math.round((width * this.#from.height) / this.#from.width);
    const bitmap = await this.#frames.bitmap(picture, width, { signal });
    if (!bitmap) {
      throw new Error('the picture is gone');
    }
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  #render() {
    const t = this.#t;
    render(html`
      <summary><h2>${t.changed}</h2></summary>
      ${this.#isOpen ? html`
        <p class="quiet">${t.changedText}</p>
        <div class="buttons">
          ${this.#choice(t.from, this.#from, (picture) => { this.#from = picture; })}
          ${this.#choice(t.to, this.#to, (picture) => { this.#to = picture; })}
          <label><input type="checkbox" .checked=${this.#marks} @change=${(event) => {
            this.#marks = event.target.checked;
            this.#render();
          }}> ${t.highlight}</label>
        </div>
        ${this.#covered.length ? html`<p>${t.sensitive} ${t.sensitiveText}
          <button type="button" @click=${() => this.#lift()}>${t.reveal}</button></p>` : nothing}
        ${!this.#from || !this.#to ? html`<p role="status">${t.noPicture}</p>` : nothing}
        ${this.#failure ? html`<p class="wrong" role="status">${this.#failure}</p>` : nothing}
        ${this.#result ? this.#resultTemplate(this.#result) : nothing}` : nothing}`, this.element);
  }

  #resultTemplate(result) {
    const { share, regions } = result;
    const percent = Math.max(0.1, Math.round(share * 1000) / 10);
    return html`
      <p role="status">${share === 0 ? this.#t.unchanged : this.#t.changedShare(percent, regions.length)}</p>
      ${this.#wipe.template(result, this.#marks)}`;
  }

  #choice(label, chosen, take) {
    const pictures = this.#near(chosen);
    const keyOf = (picture) => (picture ? `${picture.step}.${picture.ordinal}` : '');
    return html`<label>${label}
      <select @change=${(event) => {
        take(pictures.find((picture) => keyOf(picture) === event.target.value));
        this.#compare();
      }}>
        ${pictures.map((picture) => html`<option value=${keyOf(picture)} .selected=${keyOf(picture) === keyOf(chosen)}>
          ${nameOf(picture, this.#t)}</option>`)}
      </select></label>`;
  }

  /** Those of some steps around the chosen one: a run may have thousands. */
  #near(chosen) {
    const at = Math.max(0, this.#run.steps.findIndex(({ step_number: number }) => number === (chosen?.step ?? this.#step.step_number)));
    return this.#run.steps.slice(Math.max(0, at - NEAR), at + NEAR + 1).flatMap(picturesOf);
  }

  /** Those of the two that are veiled. */
  get #covered() {
    return [this.#from, this.#to].filter((picture) => picture && this.#veil.covers(picture));
  }

  /** The button goes, and the focus to what opened it. */
  #lift() {
    this.#veil.lift(...this.#covered);
    this.element.querySelector('summary').focus({ preventScroll: true });
  }
}
