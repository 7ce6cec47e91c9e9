import { html, nothing, render, svg } from '../vendor/lit-html/lit-html.js';
import { describe, mark } from '../action.js';
import { URGENT } from '../frames/frames.js';
import { marksTemplate } from './marks.js';
import { nameOf, pictureOf } from './run.js';

const SETTLE_MS = 90;
const LOADING_MS = 150;

/**
 * Shows one picture of a step and what the agent did on it. The latest call of {@link show} wins; the small picture is shown until the
 * large one is there.
 */
export class Stage {
  #frames;
  #veil;
  #t;
  #canvas = document.createElement('canvas');
  #context = this.#canvas.getContext('2d', { alpha: false });
  #overlay = document.createElement('div');
  #current = null;
  #turn = new AbortController();
  #width = 0;
  #resizing = new ResizeObserver(() => this.#resized());
  element = document.createElement('div');
  /** Whether to draw what the agent did. */
  drawsMarks = true;

  constructor(frames, veil, t) {
    this.#frames = frames;
    this.#veil = veil;
    this.#t = t;
    this.#canvas.setAttribute('role', 'img');
    this.#overlay.className = 'overlay';
    this.element.className = 'stage';
    this.element.append(this.#canvas, this.#overlay);
    this.#resizing.observe(this.element);
  }

  /**
   * @param view of the picture; another one where the step has none of it
   * @param isPassing whether the reader is on the way to another step: the small picture will do for a moment
   */
  async show(step, view, { isPassing = false } = {}) {
    this.#turn.abort();
    const turn = new AbortController();
    this.#turn = turn;
    const picture = step && pictureOf(step, view);
    this.#current = { step, view, picture };
    if (!picture || this.#veil.covers(picture)) {
      this.#clear(picture);
      this.#tell(step, picture, picture ? 'veiled' : 'missing');
      return;
    }
    try {
      await this.#draw(step, picture, isPassing, turn.signal);
    } catch (error) {
      if (!turn.signal.aborted) {
        this.#clear(picture);
        this.#tell(step, picture, 'failed');
      }
    }
  }

  async #draw(step, picture, isPassing, signal) {
    const width = this.#pixels(picture);
    this.#width = width;
    const loading = setTimeout(() => this.#load(step, picture, signal), LOADING_MS);
    const paint = (bitmap) => {
      clearTimeout(loading);
      return this.#paint(bitmap, step, picture, signal);
    };
    const small = isPassing || !this.#frames.has(picture, false);
    let shown = false;
    try {
      if (small) {
        const preview = this.#frames.bitmap(picture, width, { small: true, urgency: URGENT, signal });
        if (isPassing) {
          const bitmap = await preview;
          shown = Boolean(bitmap) && paint(bitmap);
          await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
        } else {
          preview.then((bitmap) => shown || (bitmap && paint(bitmap)), () => {}); // the large one tells
        }
      }
      signal.throwIfAborted();
      const bitmap = await this.#frames.bitmap(picture, width, { urgency: URGENT, signal });
      shown = true;
      if (!paint(bitmap) && !signal.aborted) {
        this.#clear(picture);
        this.#tell(step, picture, 'failed');
      }
    } finally {
      clearTimeout(loading);
    }
  }

  /** In place of the picture of another step. */
  #load(step, picture, signal) {
    if (!signal.aborted) {
      this.#clear(picture);
      this.#tell(step, picture, 'loading');
    }
  }

  /** @return whether it is to be seen now */
  #paint(bitmap, step, picture, signal) {
    if (!bitmap || signal.aborted) {
      return false;
    }
    this.#size(picture, Math.max(bitmap.width, this.#canvas.width));
    this.#context.drawImage(bitmap, 0, 0, this.#canvas.width, this.#canvas.height);
    this.#tell(step, picture, 'shown');
    return true;
  }

  #clear(picture) {
    this.#size(picture ?? { width: 1080, height: 2400 }, this.#canvas.width);
    this.#context.fillStyle = '#20242c';
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** Sizing a canvas empties it, so it is done only where it must be. */
  #size({ width, height }, wanted) {
    const pixels = Math.min(wanted, width);
    const lines = Math.round((pixels * height) / width);
    if (this.#canvas.width !== pixels || this.#canvas.height !== lines) {
      this.#canvas.width = pixels;
      this.#canvas.height = lines;
    }
  }

  /** How wide it is on this screen. */
  #pixels(picture) {
    const { clientWidth, clientHeight } = this.element;
    const fitting = Math.min(clientWidth, (clientHeight * picture.width) / picture.height) || 360;
    return Math.min(picture.width, Math.max(180, Math.ceil((fitting * devicePixelRatio) / 90) * 90));
  }

  #resized() {
    const { picture } = this.#current ?? {};
    if (picture && this.#width && this.#pixels(picture) !== this.#width) {
      this.#again();
    }
  }

  #tell(step, picture, state) {
    const t = this.#t;
    this.element.dataset.state = state;
    this.#canvas.setAttribute('aria-label', picture
      ? `${nameOf(picture, t)}. ${describe(step, t)}`
      : t.noPicture);
    const size = picture ?? { width: 1080, height: 2400 };
    const drawn = state === 'shown' && this.drawsMarks && picture.role !== 'after' ? mark(step) : null;
    render(html`
      <svg class="marks" viewBox="0 0 ${size.width} ${size.height}" aria-hidden="true">${marksTemplate(drawn, size)}</svg>
      ${drawn?.kind === 'text' ? html`<p class="typed" dir="auto">${drawn.text}</p>` : nothing}
      ${state === 'loading' ? html`<p class="said">${t.pictureLoading}</p>` : nothing}
      ${state === 'missing' ? html`<p class="said">${t.noPicture}</p>` : nothing}
      ${state === 'failed' ? html`<p class="said">${t.pictureFailed}
        <button @click=${() => this.#again()}>${t.tryAgain}</button></p>` : nothing}
      ${state === 'veiled' ? html`<p class="said">${t.sensitive}
        <button @click=${() => this.#lift(() => this.#veil.lift(picture))}>${t.reveal}</button>
        <button @click=${() => this.#lift(() => this.#veil.liftAll())}>${t.revealAll}</button></p>` : nothing}`, this.#overlay);
  }

  #lift(how) {
    how();
    this.dispatchEvent(new Event('reveal'));
    this.#again();
  }

  #again() {
    if (this.#current) {
      this.show(this.#current.step, this.#current.view);
    }
  }
}
