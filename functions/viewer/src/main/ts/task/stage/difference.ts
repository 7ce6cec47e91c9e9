import { LitElement, css, html, nothing, svg, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { isAbort } from '../../api/problem.ts';
import { Listen } from '../../components/listen.ts';
import { controls } from '../../styles/controls.ts';
import type { StepScreenshot } from '../steps.ts';
import type { TaskView } from '../task-view.ts';
import { comparedScreenshots } from './compared-screenshots.ts';
import { pixelChanges, type PixelChanges } from './pixel-changes.ts';
import { screenStyles } from './screen-styles.ts';
import { screenshotName } from './screenshot-names.ts';

/** The screenshots are compared at this width in pixels. */
const COMPARED_WIDTH = 360;
/** Boxes around more regions would hide the screenshot. */
const MAX_REGIONS = 50;
/** The shapes of two screenshots may differ by rounding. */
const MAX_SHAPE_DIFFERENCE = 0.01;
/** The user may be moving fast through the steps. */
const SETTLE_MS = 120;

interface Comparison extends PixelChanges {
  readonly from: ImageData;
  readonly to: ImageData;
}

/** Shows what a step changed on the screen: two screenshots with a movable boundary, and boxes around what differs. */
export class Difference extends LitElement {
  static override styles = [controls, screenStyles, css`
    :host {
      display: grid;
      grid-template-rows: minmax(0, 1fr) auto;
      gap: 6px;
      height: 100%;
      justify-items: center;
    }

    .screen {
      border-radius: 8px;
    }

    canvas,
    svg {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
    }

    input[type='range'] {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      margin: 0;
      opacity: 0;
      cursor: ew-resize;
    }

    .screen:has(input:focus-visible) {
      outline: 2px solid var(--st-accent);
      outline-offset: 2px;
    }

    rect {
      fill: none;
      stroke: #ffd54a;
      stroke-width: 2;
      vector-effect: non-scaling-stroke;
    }

    rect.halo {
      stroke: rgb(0 0 0 / 70%);
      stroke-width: 4;
    }

    .message {
      align-self: center;
      max-width: 320px;
      text-align: center;
    }

    .summary {
      text-align: center;
      font-size: var(--st-size-small);
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  @state() private comparison: Comparison | null = null;
  @state() private message = '';
  @state() private boundary = 50;
  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;
  #compared: readonly [StepScreenshot, StepScreenshot] | null = null;
  #turn = new AbortController();
  /** Whether the focus moves to the boundary when it is shown, because the button that had it disappears. */
  #movesFocus = false;

  constructor() {
    super();
    const compare = () => { void this.#compare(); };
    new Listen(this, () => this.view.playback, 'change', compare);
    new Listen(this, () => this.view.veil, 'change', compare);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#compare();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#turn.abort();
  }

  override render() {
    const { context: { t: { task: t }, format } } = this.view;
    const compared = this.#compared;
    const { comparison } = this;
    const names = compared ? t.difference.compared(screenshotName(compared[0], t), screenshotName(compared[1], t)) : '';
    return html`
      <div class="frame">
        ${comparison
          ? html`
            <div class="screen">
              <canvas width=${comparison.from.width} height=${comparison.from.height} role="img" aria-label=${names}></canvas>
              <svg viewBox="0 0 ${comparison.from.width} ${comparison.from.height}" aria-hidden="true">
                ${comparison.regions.slice(0, MAX_REGIONS).map(({ x, y, width, height }) => svg`
                  <rect class="halo" x=${x} y=${y} width=${width} height=${height}></rect>
                  <rect x=${x} y=${y} width=${width} height=${height}></rect>`)}
              </svg>
              <input type="range" min="0" max="100" .value=${this.boundary} aria-label=${t.difference.slider} @input=${this.#slide}>
            </div>`
          : html`<p class="message muted" role="status">${this.message}${this.#covered().length > 0
            ? html`<br><button @click=${this.#lift}>${t.stage.show}</button>` : nothing}</p>`}
      </div>
      <p class="summary" role="status">
        ${comparison ? html`<strong>${names}.</strong> ${comparison.share === 0
          ? t.difference.none
          : t.difference.share(format.percent(Math.max(0.001, comparison.share)), comparison.regions.length)}` : nothing}
      </p>
    `;
  }

  override updated(changed: PropertyValues): void {
    const { comparison, canvas } = this;
    if (comparison !== null && canvas !== null && (changed.has('comparison') || changed.has('boundary'))) {
      const { width, height } = comparison.from;
      this.style.setProperty('--ratio', String(width / height));
      const context = canvas.getContext('2d');
      const edge = Math.round((width * this.boundary) / 100);
      context?.putImageData(comparison.to, 0, 0);
      context?.putImageData(comparison.from, 0, 0, 0, 0, edge, height);
      if (context) {
        context.fillStyle = '#3552d0';
        context.fillRect(edge - 1, 0, 2, height);
      }
      if (this.#movesFocus) {
        this.#movesFocus = false;
        this.renderRoot.querySelector('input')?.focus({ preventScroll: true });
      }
    }
  }

  async #compare(): Promise<void> {
    const { playback, context: { t: { task: t } } } = this.view;
    const compared = comparedScreenshots(playback.steps, playback.index);
    if (compared !== null && this.comparison !== null && isSamePair(compared, this.#compared)) {
      return;
    }
    this.#turn.abort();
    const turn = new AbortController();
    this.#turn = turn;
    this.#compared = compared;
    this.comparison = null;
    if (compared === null) {
      this.message = t.difference.nothing;
      return;
    }
    const [from, to] = compared;
    if (Math.abs(from.width / from.height - to.width / to.height) > MAX_SHAPE_DIFFERENCE * (from.width / from.height)) {
      this.message = t.difference.shapes;
      return;
    }
    if (this.#covered().length > 0) {
      this.message = t.stage.sensitive;
      return;
    }
    this.message = t.stage.loading;
    try {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      turn.signal.throwIfAborted();
      const pixels = [await this.#pixels(from, from, turn.signal), await this.#pixels(to, from, turn.signal)] as const;
      turn.signal.throwIfAborted();
      const [a, b] = pixels;
      this.comparison = a && b ? { from: a, to: b, ...pixelChanges(a.data, b.data, a.width, a.height) } : null;
      this.message = t.stage.deleted;
    } catch (error) {
      if (!turn.signal.aborted && !isAbort(error)) {
        this.message = t.stage.failed;
      }
    }
  }

  async #pixels(screenshot: StepScreenshot, shape: StepScreenshot, signal: AbortSignal): Promise<ImageData | null> {
    const width = Math.min(COMPARED_WIDTH, shape.width);
    const height = Math.round((width * shape.height) / shape.width);
    const bitmap = await this.view.loader.bitmap(screenshot, width, { signal });
    if (bitmap === null) {
      return null;
    }
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    context?.drawImage(bitmap, 0, 0, width, height);
    return context?.getImageData(0, 0, width, height) ?? null;
  }

  #covered(): StepScreenshot[] {
    return (this.#compared ?? []).filter((screenshot) => this.view.veil.covers(screenshot));
  }

  readonly #lift = () => {
    this.#movesFocus = true;
    this.view.veil.lift(this.#covered());
  };

  readonly #slide = (event: Event) => {
    this.boundary = Number((event.target as HTMLInputElement).value);
  };
}

function isSamePair(one: readonly [StepScreenshot, StepScreenshot], other: readonly [StepScreenshot, StepScreenshot] | null): boolean {
  return one.every(({ stepNumber, index }, place) => other?.[place]?.stepNumber === stepNumber && other[place].index === index);
}

customElements.define('st-difference', Difference);
