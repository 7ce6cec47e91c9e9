import { html, render, svg } from '../vendor/lit-html/lit-html.js';
import { hasFailed, knownType } from '../action.js';

const WIDTH = 1000;
const MOST = 1000;

/** The whole run as a band, coloured by type, with errors marked above it. Fires `choose` with a step's number. */
export class Timeline extends EventTarget {
  #t;
  #steps = [];
  #current = 0;
  element = document.createElement('div');

  constructor(t) {
    super();
    this.#t = t;
    this.element.className = 'timeline';
  }

  setSteps(steps) {
    this.#steps = steps;
    this.#render();
  }

  choose(number) {
    this.#current = number;
    const marker = this.element.querySelector('.now');
    marker?.setAttribute('x', String(this.#place(number)));
  }

  #place(number) {
    const index = this.#steps.findIndex((step) => step.step_number >= number);
    return (Math.max(0, index) / Math.max(1, this.#steps.length)) * WIDTH;
  }

  #render() {
    const t = this.#t;
    const stretches = joined(this.#steps);
    const types = [...new Set(this.#steps.map(knownType))];
    const unit = WIDTH / Math.max(1, this.#steps.length);
    render(html`
      <svg viewBox="0 0 ${WIDTH} 36" preserveAspectRatio="none" aria-hidden="true" @click=${(event) => this.#click(event)}>
        ${stretches.map(({ from, count, type, failed }) => svg`
          <rect class="type-${type}" x=${from * unit} y="10" width=${count * unit} height="22"></rect>
          ${failed ? svg`<rect class="error" x=${from * unit} y="0" width=${Math.max(count * unit, 2)} height="8"></rect>` : ''}`)}
        <rect class="now" x=${this.#place(this.#current)} y="0" width=${Math.max(unit, 3)} height="36"></rect>
      </svg>
      <ul class="legend">
        ${types.map((type) => html`<li><span class="swatch type-${type}"></span> ${t.type[type] ?? t.otherType}</li>`)}
        ${this.#steps.some(hasFailed) ? html`<li><span class="swatch error"></span> ${t.failed}</li>` : ''}
      </ul>`, this.element);
  }

  #click(event) {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const index = Math.floor(((event.clientX - left) / width) * this.#steps.length);
    const step = this.#steps[Math.min(Math.max(0, index), this.#steps.length - 1)];
    if (step) {
      this.dispatchEvent(new CustomEvent('choose', { detail: step.step_number }));
    }
  }
}

/** Steps that follow each other and are alike, as one stretch; at most a thousand stretches. */
function joined(steps) {
  const least = Math.ceil(steps.length / MOST);
  const stretches = [];
  steps.forEach((step, index) => {
    const type = knownType(step);
    const failed = hasFailed(step);
    const last = stretches.at(-1);
    if (last && ((last.type === type && last.failed === failed) || last.count < least)) {
      last.count++;
      last.failed ||= failed;
    } else {
      stretches.push({ from: index, count: 1, type, failed });
    }
  });
  return stretches;
}
