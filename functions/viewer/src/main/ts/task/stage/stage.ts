import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Step } from '../../api/types.ts';
import { icon } from '../../components/icons.ts';
import { Listen } from '../../components/listen.ts';
import { truncate } from '../../i18n/truncate.ts';
import { controls } from '../../styles/controls.ts';
import { describeStep, markOf } from '../action-text.ts';
import { DIFFERENCE } from '../playback.ts';
import { LATER, SOON } from '../screenshots/screenshot-loader.ts';
import { ThumbnailPreloader } from '../screenshots/thumbnail-preloader.ts';
import { screenshotOf, screenshotsOf, type StepScreenshot } from '../steps.ts';
import type { TaskView } from '../task-view.ts';
import './difference.ts';
import { marksTemplate } from './marks.ts';
import { ScreenshotDrawing, type DrawingSurface, type StageState } from './screenshot-drawing.ts';
import { screenStyles } from './screen-styles.ts';
import { viewName } from './screenshot-names.ts';

const MAX_LABEL = 300;
/** Decoded widths are multiples of this, so that small changes of the window decode nothing again. */
const WIDTH_STEP = 90;
const MIN_WIDTH = 180;
/** The shape of the empty phone that stands for a missing screenshot. */
const DEFAULT_SIZE = { width: 1080, height: 2400 };
/** The screenshots of this many next steps are loaded in advance. */
const PRELOADED_STEPS = 3;
/** The thumbnails of this many steps before and after the current one are loaded in advance. */
const PRELOADED_THUMBNAILS = 300;
/** The same by a share link, whose screenshots come through the API, which limits the rate of requests. */
const PRELOADED_THUMBNAILS_BY_LINK = 10;
/** The thumbnails of this many steps before and after the current one are also decoded. */
const DECODED_THUMBNAILS = 250;

/**
 * Shows the current screenshot of a task as large as fits, with the action drawn on it. While the user scrubs, it draws the thumbnail
 * at once and the screenshot when the user stays. Its attributes `state` and `shown` say what is drawn.
 */
export class Stage extends LitElement implements DrawingSurface {
  static override styles = [controls, screenStyles, css`
    :host {
      display: block;
      position: relative;
      min-width: 0;
      min-height: 0;
      padding: 10px;
      background: var(--st-stage);
    }

    .screen {
      border-radius: 10px;
      background: var(--st-surface);
      box-shadow: 0 0 0 1px var(--st-border);
    }

    canvas {
      display: block;
      width: 100%;
      height: 100%;
    }

    canvas[hidden] {
      display: block !important;
      visibility: hidden;
    }

    .marks {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      pointer-events: none;
    }

    .halo,
    .mark {
      fill: none;
      vector-effect: non-scaling-stroke;
      stroke-linecap: round;
      stroke-linejoin: round;
    }

    .halo {
      stroke: rgb(0 0 0 / 70%);
      stroke-width: 6px;
    }

    .mark {
      stroke: #ffd54a;
      stroke-width: 3px;
    }

    .mark.press {
      fill: rgb(255 213 74 / 50%);
    }

    .typed {
      position: absolute;
      right: 8px;
      bottom: 8px;
      left: 8px;
      overflow: hidden;
      max-height: 40%;
      padding: 4px 10px;
      border: 2px solid #ffd54a;
      border-radius: 6px;
      background: rgb(0 0 0 / 82%);
      color: #fff;
      overflow-wrap: anywhere;
    }

    .message {
      position: absolute;
      inset: 0;
      display: grid;
      align-content: center;
      justify-items: center;
      gap: var(--st-space-3);
      padding: 16px;
      color: var(--st-text-muted);
      text-align: center;
    }

    .veiled .screen {
      background: repeating-linear-gradient(135deg, var(--st-veil) 0 10px, var(--st-surface-2) 10px 20px);
    }

    .veiled .message {
      color: var(--st-text);
    }

    .veiled p {
      padding: 2px 6px;
      border-radius: 4px;
      background: var(--st-surface);
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  /** Whether to draw the action. */
  @property({ type: Boolean }) marks = true;
  @property({ reflect: true }) state: StageState = 'none';
  /** What is drawn: step number, view, and `thumbnail` or `screenshot`. */
  @property({ reflect: true }) shown = '';
  @state() private screenshot: StepScreenshot | null = null;
  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;
  #step: Step | null = null;
  #turn = new AbortController();
  #drawing!: ScreenshotDrawing;
  #preloader: ThumbnailPreloader | null = null;
  #drawnWidth = 0;
  readonly #resize = new ResizeObserver(() => { this.#redrawIfResized(); });

  constructor() {
    super();
    const show = () => { this.#show(); };
    new Listen(this, () => this.view.playback, 'change', show);
    new Listen(this, () => this.view.veil, 'change', show);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
    this.#turn.abort();
    this.#preloader?.stop();
    this.#preloader = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('view')) {
      this.#drawing = new ScreenshotDrawing(this, this.view.loader);
    }
  }

  override firstUpdated(): void {
    this.#show();
  }

  override render() {
    const { t: { task: t } } = this.view.context;
    if (this.state === 'difference') {
      return html`<st-difference .view=${this.view}></st-difference>`;
    }
    const { screenshot } = this;
    const step = this.#step;
    const size = screenshot ?? DEFAULT_SIZE;
    const mark = step && this.marks && this.state === 'shown' && screenshot?.role !== 'after' ? markOf(step) : null;
    const label = step && screenshot
      ? t.stage.screenshot(viewName(screenshot, t), step.step_number, truncate(describeStep(step, t), MAX_LABEL))
      : t.stage.none;
    this.style.setProperty('--ratio', String(size.width / size.height));
    return html`
      <div class="frame ${this.state}">
        <div class="screen">
          <canvas role="img" aria-label=${label} tabindex="-1" ?hidden=${this.state !== 'shown'}></canvas>
          <svg class="marks" viewBox="0 0 ${size.width} ${size.height}" aria-hidden="true">${marksTemplate(mark, size)}</svg>
          ${mark?.kind === 'text' ? html`<p class="typed" dir="auto" aria-hidden="true">${truncate(mark.text, MAX_LABEL)}</p>` : nothing}
          <div role="status">${this.state === 'shown' ? nothing : html`<div class="message">${this.#message(this.state)}</div>`}</div>
        </div>
      </div>
    `;
  }

  #message(stageState: Exclude<StageState, 'shown' | 'difference'>) {
    const { task: t, common } = this.view.context.t;
    switch (stageState) {
      case 'loading': return html`<p>${t.stage.loading}</p>`;
      case 'none': return html`${icon('device')}<p>${t.stage.none}</p>`;
      case 'deleted': return html`<p>${t.stage.deleted}</p>`;
      case 'failed': return html`<p>${t.stage.failed}</p><button @click=${() => { this.#show(); }}>${common.retry}</button>`;
      case 'veiled': return html`
        ${icon('veil')}
        <p>${t.stage.sensitive}</p>
        <button @click=${this.#lift}>${t.stage.show}</button>
        <button class="plain" @click=${this.#liftAll}>${t.stage.showAll}</button>`;
    }
  }

  #show(): void {
    const { playback, veil } = this.view;
    if (!this.hasUpdated) {
      return;
    }
    this.#turn.abort();
    const turn = new AbortController();
    this.#turn = turn;
    const { step, steps, index, view, isScrubbing } = playback;
    this.#preloader?.moveTo(steps, index);
    const screenshot = step && view !== DIFFERENCE ? screenshotOf(step, view) : null;
    this.#step = step;
    this.#drawing.stop();
    if (view === DIFFERENCE) {
      this.state = 'difference';
    } else if (screenshot === null) {
      this.clear(null, 'none');
    } else if (veil.covers(screenshot)) {
      this.clear(screenshot, 'veiled');
    } else {
      const shown = this.#drawing.draw(screenshot, isScrubbing, turn.signal);
      playback.shown = shown;
      void shown.then(() => { this.#preload(turn.signal); });
    }
  }

  paint(bitmap: ImageBitmap, screenshot: StepScreenshot, width: number | null): void {
    const { canvas } = this;
    if (canvas === null) { // the difference was shown until now
      void this.updateComplete.then(() => { this.#show(); });
      this.state = 'loading';
      return;
    }
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
    }
    canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0);
    this.screenshot = screenshot;
    this.#step = this.view.playback.steps.find(({ step_number: number }) => number === screenshot.stepNumber) ?? this.#step;
    this.state = 'shown';
    this.shown = `${nameOf(screenshot)} ${width === null ? 'thumbnail' : 'screenshot'}`;
    this.#drawnWidth = width ?? this.#drawnWidth;
  }

  clear(screenshot: StepScreenshot | null, stageState: StageState): void {
    this.screenshot = screenshot;
    this.state = stageState;
    this.shown = '';
  }

  /** Loads the next screenshots and, with a lower priority, the thumbnails around the current step for scrubbing. */
  #preload(signal: AbortSignal): void {
    const { playback: { steps, index }, loader, veil } = this.view;
    const visible = (screenshot: StepScreenshot) => !veil.covers(screenshot);
    const next = steps.slice(index, index + PRELOADED_STEPS + 1).flatMap(screenshotsOf).filter(visible);
    const ignore = () => undefined; // the stage reports the error when it shows the screenshot
    next.forEach((screenshot, place) => { loader.file(screenshot, { priority: SOON + place / 100, signal }).catch(ignore); });
    if (!signal.aborted) {
      this.#preloader ??= new ThumbnailPreloader(async (screenshot, distance) => {
        const options = { priority: LATER + distance / 1000 };
        await (distance <= DECODED_THUMBNAILS ? loader.thumbnail(screenshot, options) : loader.preload(screenshot, options));
      }, visible, this.view.context.isShared ? PRELOADED_THUMBNAILS_BY_LINK : PRELOADED_THUMBNAILS);
      this.#preloader.moveTo(steps, index);
    }
  }

  isShown(screenshot: StepScreenshot): boolean {
    return this.shown.startsWith(`${nameOf(screenshot)} `);
  }

  isCurrentStepShown(): boolean {
    return this.shown.startsWith(`${this.view.playback.step?.step_number} `);
  }

  decodedWidth({ width, height }: StepScreenshot): number {
    const available = this.getBoundingClientRect();
    const shown = Math.min(available.width - 20, ((available.height - 20) * width) / height) * devicePixelRatio;
    return Math.min(width, Math.max(MIN_WIDTH, Math.ceil(shown / WIDTH_STEP) * WIDTH_STEP));
  }

  #redrawIfResized(): void {
    const { screenshot } = this;
    if (screenshot !== null && this.#drawnWidth > 0 && this.state === 'shown' && this.decodedWidth(screenshot) > this.#drawnWidth) {
      this.#show();
    }
  }

  readonly #lift = async () => {
    if (this.screenshot) {
      this.view.veil.lift([this.screenshot]);
      await this.#focusScreen();
    }
  };

  readonly #liftAll = async () => {
    this.view.veil.liftAll();
    await this.#focusScreen();
  };

  /** Moves the focus from the button, which disappears, to the screenshot when it is drawn. */
  async #focusScreen(): Promise<void> {
    await this.view.playback.shown;
    await this.updateComplete;
    this.canvas?.focus({ preventScroll: true });
  }
}

function nameOf({ stepNumber, role, nth }: StepScreenshot): string {
  return `${stepNumber} ${role}${nth > 1 ? String(nth) : ''}`;
}

customElements.define('st-stage', Stage);
