import { html, nothing, render, svg } from '../vendor/lit-html/lit-html.js';
import { changes } from './pixels.js';
import { nameOf, picturesOf } from './run.js';

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
  #wipe = 50;
  #marks = true;
  #result = null;
  #failure = null;
  #turn = new AbortController();
  #passing = null;
  #isOpen = false;
  #canvas = document.createElement('canvas');
  element = document.createElement('details');

  constructor(run, frames, veil, t) {
    this.#run = run;
    this.#frames = frames;
    this.#veil = veil;
    this.#t = t;
    this.element.className = 'card difference';
    this.#canvas.setAttribute('role', 'img');
    this.element.addEventListener('toggle', () => {
      this.#isOpen = this.element.open;
      if (this.#isOpen && this.#step) {
        this.#compareAt(this.#step);
      }
    });
    this.#render();
  }

  /** Takes up what has arrived, which may be what comes after the last step. */
  update() {
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
    if (!this.#from || !this.#to || [this.#from, this.#to].some((picture) => this.#veil.covers(picture))) {
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
        const { width, height } = from;
        this.#result = { from, to, width, height, ...changes(from.data, to.data, width, height) };
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
        ${[this.#from, this.#to].some((picture) => picture && this.#veil.covers(picture)) ? html`<p>${t.sensitive}
          <button type="button" @click=${() => this.#lift()}>${t.reveal}</button></p>` : nothing}
        ${!this.#from || !this.#to ? html`<p role="status">${t.noPicture}</p>` : nothing}
        ${this.#failure ? html`<p class="wrong" role="status">${this.#failure}</p>` : nothing}
        ${this.#result ? this.#resultTemplate() : nothing}` : nothing}`, this.element);
    if (this.#result) {
      this.#draw();
    }
  }

  #resultTemplate() {
    const t = this.#t;
    const { width, height, share, regions } = this.#result;
    const percent = Math.max(0.1, Math.round(share * 1000) / 10);
    return html`
      <p role="status">${share === 0 ? t.unchanged : t.changedShare(percent, regions.length)}</p>
      <div class="wipe">
        <div class="wiped">${this.#canvas}
          <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
            ${this.#marks ? regions.slice(0, 50).map((box) => svg`
              <rect class="halo" x=${box.x} y=${box.y} width=${box.width} height=${box.height}></rect>
              <rect class="mark" x=${box.x} y=${box.y} width=${box.width} height=${box.height}></rect>`) : nothing}
          </svg></div>
        <input type="range" min="0" max="100" .value=${String(this.#wipe)} aria-label=${t.slider} @input=${(event) => {
          this.#wipe = Number(event.target.value);
          this.#draw();
        }}>
      </div>`;
  }

  #draw() {
    const { from, to, width, height } = this.#result;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const context = this.#canvas.getContext('2d');
    const edge = Math.round((width * this.#wipe) / 100);
    context.putImageData(to, 0, 0);
    context.putImageData(from, 0, 0, 0, 0, edge, height);
    context.fillStyle = '#d6249f';
    context.fillRect(edge - 1, 0, 2, height);
    this.#canvas.setAttribute('aria-label', `${nameOf(this.#from, this.#t)} | ${nameOf(this.#to, this.#t)}`);
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

  #lift() {
    [this.#from, this.#to].forEach((picture) => this.#veil.lift(picture));
    this.#compare();
  }
}
