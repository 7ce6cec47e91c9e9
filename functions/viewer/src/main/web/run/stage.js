import { render } from '../vendor/lit-html/lit-html.js';
import { describe, mark } from '../action.js';
import { beginning } from '../excerpts.js';
import { URGENT } from '../frames/frames.js';
import { overlayTemplate } from './overlay.js';
import { nameOf, pictureOf } from './run.js';

const SETTLE_MS = 90;
const LOADING_MS = 150;
const LABEL = 300;
const USUAL = { width: 1080, height: 2400 };

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
  /** Whether the reader is on the way from step to step. */
  #isPassing = false;
  /** The small picture that is coming meanwhile. */
  #preview = null;
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
    this.#canvas.tabIndex = -1; // it takes the focus of a button that goes
    this.#overlay.className = 'overlay';
    this.element.className = 'stage';
    this.element.append(this.#canvas, this.#overlay);
    this.#resizing.observe(this.element);
    veil.addEventListener('lifted', () => this.element.dataset.state === 'veiled' && this.#again());
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
    const isSeen = Boolean(picture) && !this.#veil.covers(picture);
    this.#current = { step, view, picture };
    this.#isPassing = isPassing && isSeen;
    if (!isSeen) {
      this.#blank(step, picture, picture ? 'veiled' : 'missing');
      return;
    }
    try {
      await (isPassing ? this.#pass(step, picture, turn.signal) : this.#draw(step, picture, turn.signal));
    } catch (error) {
      if (!turn.signal.aborted) {
        this.#blank(step, picture, 'failed');
      }
    }
  }

  /** The small picture, and the large one once the reader stays. */
  async #pass(step, picture, signal) {
    this.#loadPreview(step, picture, signal);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    signal.throwIfAborted();
    this.#isPassing = false;
    await this.#draw(step, picture, signal);
  }

  /**
   * One at a time, and each that comes is seen, even if the reader is a few steps further by then: who goes faster than pictures come
   * would see none else.
   */
  async #loadPreview(step, picture, signal) {
    while (this.#preview) {
      await this.#preview;
    }
    if (!signal.aborted) {
      this.#preview = this.#frames.bitmap(picture, this.#pixels(picture), { small: true, urgency: URGENT })
        .then((bitmap) => bitmap && this.#isPassing && this.#paint(bitmap, step, picture), () => {}) // the large one tells
        .finally(() => { this.#preview = null; });
    }
  }

  async #draw(step, picture, signal) {
    const width = this.#pixels(picture);
    this.#width = width;
    const loading = setTimeout(() => signal.aborted || this.#blank(step, picture, 'loading'), LOADING_MS);
    let isThere = false;
    try {
      if (!this.#frames.has(picture, false)) {
        this.#frames.bitmap(picture, width, { small: true, urgency: URGENT, signal }).then((bitmap) => {
          if (bitmap && !isThere && !signal.aborted) {
            clearTimeout(loading);
            this.#paint(bitmap, step, picture);
          }
        }, () => {}); // the large one tells
      }
      const bitmap = await this.#frames.bitmap(picture, width, { urgency: URGENT, signal });
      signal.throwIfAborted();
      isThere = true;
      bitmap ? this.#paint(bitmap, step, picture) : this.#blank(step, picture, 'failed');
    } finally {
      clearTimeout(loading);
    }
  }

  #paint(bitmap, step, picture) {
    this.#size(picture, Math.max(bitmap.width, this.#canvas.width));
    this.#context.drawImage(bitmap, 0, 0, this.#canvas.width, this.#canvas.height);
    this.#tell(step, picture, 'shown');
  }

  /** In place of the picture of another step. */
  #blank(step, picture, state) {
    this.#size(picture ?? USUAL, this.#canvas.width);
    this.#context.fillStyle = '#20242c';
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#tell(step, picture, state);
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
    this.#canvas.setAttribute('aria-label', picture ? `${nameOf(picture, t)}. ${beginning(describe(step, t), LABEL)}` : t.noPicture);
    const isMarked = state === 'shown' && this.drawsMarks && picture.role !== 'after';
    render(overlayTemplate({ state, mark: isMarked ? mark(step) : null, size: picture ?? USUAL }, {
      again: () => this.#from(() => this.#again()),
      lift: () => this.#from(() => this.#veil.lift(picture)),
      liftAll: () => this.#from(() => this.#veil.liftAll()),
    }, t), this.#overlay);
  }

  /** What a button does that goes when it is done. */
  #from(button) {
    button();
    this.#canvas.focus({ preventScroll: true });
  }

  #again() {
    if (this.#current) {
      this.show(this.#current.step, this.#current.view);
    }
  }
}
