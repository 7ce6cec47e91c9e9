import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { guard } from '../vendor/lit-html/directives/guard.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { describe, hasFailed } from '../action.js';
import { beginning } from '../excerpts.js';
import { LATER, SOON } from '../frames/frames.js';
import { pictureOf } from './run.js';

const WIDTH = 64;
const PIXELS = 108;
const BEYOND = 6;
const NEAR = 10;
const FAR = 100;
const LABEL = 80;

/**
 * A thumbnail a step, of which only those near the visible ones exist. Fires `choose` with the step's place.
 */
export class FilmStrip extends EventTarget {
  #frames;
  #veil;
  #t;
  #steps = [];
  #current = 0;
  #list = document.createElement('ol');
  #pictures = new Map();
  #turns = new Map();
  #isDrawing = false;
  element = document.createElement('div');

  constructor(frames, veil, t) {
    super();
    this.#frames = frames;
    this.#veil = veil;
    this.#t = t;
    this.element.className = 'strip';
    this.element.setAttribute('role', 'group');
    this.element.setAttribute('aria-label', t.filmStrip);
    this.element.tabIndex = 0; // to be scrolled by keys; its buttons are not stopped at one by one
    this.element.append(this.#list);
    this.element.addEventListener('scroll', () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(this.element);
    veil.addEventListener('lifted', () => this.#draw());
  }

  setSteps(steps) {
    this.#steps = steps;
    this.#list.style.setProperty('inline-size', `${steps.length * WIDTH}px`);
    this.#draw();
  }

  /** Marks a place and brings it into sight. */
  choose(index, { isPassing = false } = {}) {
    this.#current = index;
    const { clientWidth, scrollLeft } = this.element;
    const left = index * WIDTH;
    if (left < scrollLeft + WIDTH || left > scrollLeft + clientWidth - 2 * WIDTH) {
      const calm = isPassing || matchMedia('(prefers-reduced-motion: reduce)').matches;
      this.element.scrollTo({ left: left - clientWidth / 2 + WIDTH / 2, behavior: calm ? 'instant' : 'smooth' });
    }
    this.#draw();
  }

  #draw() {
    if (!this.#isDrawing) {
      this.#isDrawing = true;
      requestAnimationFrame(() => {
        this.#isDrawing = false;
        this.#drawNow();
      });
    }
  }

  #drawNow() {
    const first = Math.max(0, Math.floor(this.element.scrollLeft / WIDTH) - BEYOND);
    const last = Math.min(this.#steps.length, Math.ceil((this.element.scrollLeft + this.element.clientWidth) / WIDTH) + BEYOND);
    const shown = this.#steps.slice(first, last).map((step, offset) => ({ step, index: first + offset }));
    this.#forgetBut(new Set(shown.map(({ step }) => step.step_number)));
    render(repeat(shown, ({ step }) => step.step_number, (item) => this.#kept(item)), this.#list);
    for (const item of this.#list.children) {
      item.style.setProperty('inset-inline-start', `${item.dataset.index * WIDTH}px`);
    }
    shown.forEach(({ step, index }) => this.#load(step, urgencyAt(Math.abs(index - this.#current))));
  }

  /** Made anew only where it would be another. */
  #kept({ step, index }) {
    const picture = this.#pictures.get(step.step_number);
    const isVeiled = this.#isVeiled(step);
    return guard([step, index, index === this.#current, picture, isVeiled], () => this.#item({ step, index, picture, isVeiled }));
  }

  #isVeiled(step) {
    const picture = pictureOf(step, 'before');
    return picture !== null && this.#veil.covers(picture);
  }

  #item({ step, index, picture, isVeiled }) {
    const t = this.#t;
    const said = t.stepLabel(step.step_number, beginning(describe(step, t), LABEL));
    const label = isVeiled ? `${said} (${t.veiled})` : said;
    return html`
      <li data-index=${index}>
        <button type="button" class=${hasFailed(step) ? 'failed' : ''} aria-label=${label} title=${label} tabindex="-1"
            aria-current=${index === this.#current ? 'step' : nothing} @click=${() => this.#tell(index)}>
          ${picture ?? html`<span class="blank">${isVeiled ? VEILED : nothing}</span>`}
          <span class="number" aria-hidden="true">${step.step_number}</span>
        </button>
      </li>`;
  }

  #tell(index) {
    this.dispatchEvent(new CustomEvent('choose', { detail: index }));
  }

  async #load(step, urgency) {
    const number = step.step_number;
    const picture = pictureOf(step, 'before');
    if (!picture || this.#pictures.has(number) || this.#turns.has(number) || this.#veil.covers(picture)) {
      return;
    }
    const turn = new AbortController();
    this.#turns.set(number, turn);
    try {
      const blob = await this.#frames.blob(picture, { small: true, urgency, signal: turn.signal });
      const drawn = blob && (await drawnSmall(blob));
      if (drawn && !turn.signal.aborted) {
        this.#pictures.set(number, drawn);
        this.#draw();
      }
    } catch (error) {
      if (!turn.signal.aborted) {
        this.#turns.delete(number); // the stage says that pictures do not load; here it is tried again when it comes into sight
      }
    }
  }

  #forgetBut(numbers) {
    for (const [number, turn] of this.#turns) {
      if (!numbers.has(number)) {
        turn.abort();
        this.#turns.delete(number);
        this.#free(number);
      }
    }
  }

  /** At once: the browser does not know how large what nobody holds any more is. */
  #free(number) {
    const canvas = this.#pictures.get(number);
    if (canvas) {
      canvas.width = 0;
      this.#pictures.delete(number);
    }
  }
}

/** An eye that is struck out. */
const VEILED = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM4 4l16 16"></path></svg>`;

/** The nearest first. */
function urgencyAt(distance) {
  return (distance < NEAR ? SOON : LATER) + Math.min(distance, FAR) / (2 * FAR);
}

/** No larger than it is shown: what an image element decodes is kept by the browser for long, whole. */
async function drawnSmall(blob) {
  const bitmap = await createImageBitmap(blob, { resizeWidth: PIXELS, resizeQuality: 'medium' });
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('bitmaprenderer').transferFromImageBitmap(bitmap);
  return canvas;
}
