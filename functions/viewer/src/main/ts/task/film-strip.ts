import { LitElement, css, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Step } from '../api/types.ts';
import { icon } from '../components/icons.ts';
import { Listen } from '../components/listen.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { describeStep } from './action-text.ts';
import { visibleRange, type ItemRange } from './fixed-window.ts';
import { FollowPlayback } from './follow-playback.ts';
import { LATER, SOON } from './screenshots/screenshot-loader.ts';
import { hasFailed, screenshotOf, shapeOf, type StepScreenshot } from './steps.ts';
import type { TaskView } from './task-view.ts';

const THUMBNAIL_HEIGHT = 56;
const MIN_WIDTH = 26;
const MAX_WIDTH = 100;
const GAP = 8;
const OVERSCAN = 8;
const NEAR_STEPS = 10;
const MAX_LABEL = 80;

/** One thumbnail per step, of which only those near the visible part exist. A click shows the step. */
export class FilmStrip extends LitElement {
  static override styles = [controls, css`
    /* Each canvas is a layer of the browser. Painted after the rest of the page, they do not slow down its layers. */
    :host {
      display: block;
      position: relative;
      z-index: 1;
      overflow: auto hidden;
      scrollbar-width: none;
      background: var(--st-surface);
      border-bottom: 1px solid var(--st-border);
    }

    :host(:focus-visible) {
      outline-offset: -2px;
    }

    ol {
      position: relative;
      height: 75px;
    }

    li {
      position: absolute;
      top: 5px;
      height: 70px;
    }

    button {
      display: grid;
      grid-template: 56px 12px / 100%;
      justify-items: center;
      gap: 0;
      width: 100%;
      min-width: 0;
      height: 70px;
      padding: 0;
      border: 0;
      background: none;
    }

    button:hover {
      background: none;
    }

    canvas,
    .empty {
      width: 100%;
      height: 56px;
      border-radius: 3px;
      background: var(--st-surface-2);
      object-fit: cover;
      outline: 1px solid var(--st-border);
      outline-offset: -1px;
    }

    .empty {
      display: grid;
      place-items: center;
      color: var(--st-text-muted);
    }

    .empty .icon {
      width: 14px;
    }

    button:hover canvas,
    button:hover .empty {
      outline: 1px solid var(--st-border-control);
    }

    [aria-current] canvas,
    [aria-current] .empty {
      outline: 2px solid var(--st-accent) !important;
      outline-offset: 0;
    }

    .number {
      display: flex;
      max-width: 100%;
      align-items: center;
      gap: 2px;
      color: var(--st-text-muted);
      font-size: 10px;
      font-weight: 400;
      line-height: 12px;
      font-variant-numeric: tabular-nums;
    }

    [aria-current] .number {
      color: var(--st-accent);
      font-weight: 600;
    }

    .failed .number {
      color: var(--st-failure);
    }

    .failed .number .icon {
      width: 9px;
      height: 9px;
      stroke-width: 2.4;
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  @query('ol') private readonly list!: HTMLElement;
  readonly #canvases = new Map<number, HTMLCanvasElement>();
  /** Drawn again instead of creating others: the browser frees the memory of canvases late. */
  readonly #unusedCanvases: HTMLCanvasElement[] = [];
  readonly #requests = new Map<number, AbortController>();
  readonly #resize = new ResizeObserver(() => {
    this.#shownIndex = -1;
    this.requestUpdate();
  });
  #shownIndex = -1;
  #range: ItemRange = { first: 0, end: 0 };
  readonly #follow = new FollowPlayback(this, () => this.view.playback);

  constructor() {
    super();
    new Listen(this, () => this.view.veil);
    this.tabIndex = 0; // scrolled by keys; its buttons are not tab stops
    this.setAttribute('role', 'group');
    this.addEventListener('scroll', this.#renderIfScrolled, { passive: true });
    this.addEventListener('keydown', this.#onKey);
    this.addEventListener('wheel', this.#onWheel, { passive: false });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('aria-label', this.view.context.t.task.filmStrip);
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    this.#forget(() => true);
  }

  override render() {
    const { first, end } = this.#range = this.#visibleRange();
    const shown = this.view.playback.steps.slice(first, end).map((step, offset) => ({ step, place: first + offset }));
    return html`<ol>${repeat(shown, ({ step }) => step.step_number, ({ step, place }) => this.#item(step, place))}</ol>`;
  }

  /** The policy of the page forbids style attributes in templates, but not changes of the style by a script. */
  override updated(): void {
    const width = this.#itemWidth();
    const { steps, index } = this.view.playback;
    this.list.style.width = `${steps.length * width + GAP}px`;
    for (const item of this.list.querySelectorAll('li')) {
      item.style.left = `${GAP + Number(item.dataset['place']) * width}px`;
      item.style.width = `${width - GAP}px`;
    }
    if (index !== this.#shownIndex) { // also if steps have arrived before the current one
      this.#scrollTo(index, width);
      this.#shownIndex = index;
    }
    if (!this.#renderIfScrolled()) {
      this.#loadShown();
    }
  }

  #item(step: Step, place: number) {
    const { playback, context: { t: { task: t, common } } } = this.view;
    const screenshot = screenshotOf(step, 'before');
    const isVeiled = screenshot !== null && this.view.veil.covers(screenshot);
    const text = truncate(describeStep(step, t), MAX_LABEL);
    const failed = hasFailed(step);
    const label = `${(failed ? t.stepLabelFailed : t.stepLabel)(step.step_number, text)}${isVeiled ? ` (${common.sensitive})` : ''}`;
    return html`
      <li data-place=${place}>
        <button class=${failed ? 'failed' : ''} tabindex="-1" title=${label} aria-label=${label}
          aria-current=${place === playback.index ? 'step' : nothing} @click=${() => { playback.seek(place); }}>
          ${isVeiled ? html`<span class="empty">${icon('veil')}</span>`
            : (screenshot && this.#canvasOf(screenshot)) ?? html`<span class="empty">${screenshot ? nothing : icon('device')}</span>`}
          <span class="number" aria-hidden="true">${failed ? icon('cross') : nothing}<span class="ellipsis">${step.step_number}</span></span>
        </button>
      </li>`;
  }

  /** All thumbnails have the shape of the task's first screenshot. */
  #itemWidth(): number {
    const shape = shapeOf(this.view.playback.steps);
    const width = shape ? (THUMBNAIL_HEIGHT * shape.width) / shape.height : MIN_WIDTH;
    return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))) + GAP;
  }

  #visibleRange(): ItemRange {
    return visibleRange(this.scrollLeft, this.clientWidth, this.#itemWidth(), this.view.playback.steps.length, OVERSCAN);
  }

  #scrollTo(index: number, width: number): void {
    const left = index * width;
    if (left < this.scrollLeft + width || left > this.scrollLeft + this.clientWidth - 2 * width) {
      const isFar = this.#shownIndex < 0 || Math.abs(left - this.scrollLeft) > 2 * this.clientWidth;
      const isInstant = isFar || this.view.playback.isScrubbing || matchMedia('(prefers-reduced-motion: reduce)').matches;
      this.scrollTo({ left: left - this.clientWidth / 2 + width / 2, behavior: isInstant ? 'instant' : 'smooth' });
    }
  }

  #loadShown(): void {
    const { first, end } = this.#range;
    const { steps, index } = this.view.playback;
    const shown = steps.slice(first, end);
    const numbers = new Set(shown.map(({ step_number: stepNumber }) => stepNumber));
    this.#forget((stepNumber) => !numbers.has(stepNumber));
    shown.forEach((step, offset) => { this.#load(step, Math.abs(first + offset - index)); });
  }

  #load(step: Step, distance: number): void {
    const screenshot = screenshotOf(step, 'before');
    const stepNumber = step.step_number;
    if (screenshot === null || this.#requests.has(stepNumber) || this.#canvases.has(stepNumber) || this.view.veil.covers(screenshot)) {
      return;
    }
    const request = new AbortController();
    this.#requests.set(stepNumber, request);
    this.#draw(screenshot, distance, request.signal).catch(() => {
      if (!request.signal.aborted) {
        this.#requests.delete(stepNumber); // tried again when the step comes into view; the stage reports the error
      }
    });
  }

  async #draw(screenshot: StepScreenshot, distance: number, signal: AbortSignal): Promise<void> {
    const priority = (distance < NEAR_STEPS ? SOON : LATER) + Math.min(0.5, distance / 200);
    const bitmap = await this.view.loader.thumbnail(screenshot, { priority, signal });
    if (bitmap === null || signal.aborted) {
      return;
    }
    this.#paint(screenshot.stepNumber, bitmap);
    this.#follow.updateLater();
  }

  #paint(stepNumber: number, bitmap: ImageBitmap): HTMLCanvasElement {
    const canvas = this.#unusedCanvases.pop() ?? document.createElement('canvas');
    canvas.ariaHidden = 'true';
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
    }
    canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0);
    this.#canvases.set(stepNumber, canvas);
    return canvas;
  }

  /** Returns the thumbnail of a step if it can be shown at once. */
  #canvasOf(screenshot: StepScreenshot): HTMLCanvasElement | undefined {
    const { stepNumber } = screenshot;
    const known = this.#canvases.get(stepNumber);
    const bitmap = known === undefined ? this.view.loader.thumbnailIfDecoded(screenshot) : undefined;
    return bitmap === undefined ? known : this.#paint(stepNumber, bitmap);
  }

  #forget(isForgotten: (stepNumber: number) => boolean): void {
    for (const [stepNumber, request] of this.#requests) {
      if (isForgotten(stepNumber)) {
        request.abort();
        this.#requests.delete(stepNumber);
      }
    }
    for (const [stepNumber, canvas] of this.#canvases) {
      if (isForgotten(stepNumber)) {
        this.#unusedCanvases.push(canvas);
        this.#canvases.delete(stepNumber);
      }
    }
  }

  readonly #onKey = (event: KeyboardEvent) => {
    const { playback } = this.view;
    if (event.key === 'Home' || event.key === 'End') {
      event.preventDefault();
      playback.seek(event.key === 'Home' ? 0 : playback.steps.length - 1);
    }
  };

  /** Renders other steps if they are visible now. Returns whether they are. */
  readonly #renderIfScrolled = (): boolean => {
    const { first, end } = this.#visibleRange();
    const isScrolled = first !== this.#range.first || end !== this.#range.end;
    if (isScrolled) {
      this.requestUpdate();
    }
    return isScrolled;
  };

  /** A mouse wheel scrolls the strip to the side. */
  readonly #onWheel = (event: WheelEvent) => {
    if (event.deltaX === 0 && !event.ctrlKey) {
      event.preventDefault();
      this.scrollLeft += event.deltaY;
    }
  };
}

customElements.define('st-film-strip', FilmStrip);
