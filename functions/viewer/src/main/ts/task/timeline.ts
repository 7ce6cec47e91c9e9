import { LitElement, css, html } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { Step } from '../api/types.ts';
import { Listen } from '../components/listen.ts';
import { controls } from '../styles/controls.ts';
import { hasFailed } from './steps.ts';
import type { TaskView } from './task-view.ts';
import { indexAt, layOutTimeline, type TimelineLayout } from './timeline-layout.ts';

const BAR_HEIGHT = 10;
const PAGE_STEPS = 10;
const TOKENS = ['--st-success', '--st-failure', '--st-border-control', '--st-border'];

/** The steps on a line of time, with their outcomes. Dragging scrubs through the task. */
export class Timeline extends LitElement {
  static override styles = [controls, css`
    :host {
      display: block;
      position: relative;
      height: 24px;
      overflow: hidden;
      border-bottom: 1px solid var(--st-border);
      background: var(--st-surface);
      cursor: pointer;
      touch-action: none;
      user-select: none;
    }

    :host(:focus-visible) {
      outline: 2px solid var(--st-accent);
      outline-offset: -2px;
    }

    canvas {
      display: block;
      position: absolute;
      inset: 0 8px;
      width: calc(100% - 16px);
      height: 100%;
    }

    /* As wide as the canvas, and moved by its share: that needs no layout. */
    .playhead {
      position: absolute;
      inset: 1px 8px;
      pointer-events: none;
    }

    .playhead::before {
      content: '';
      display: block;
      width: 3px;
      height: 100%;
      margin-left: -1.5px;
      border-radius: 2px;
      background: var(--st-text);
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  @query('.playhead') private readonly playhead!: HTMLElement;
  #layout: TimelineLayout = { spans: [], shortenedPauses: [] };
  #drawnSteps: readonly Step[] | null = null;
  readonly #resize = new ResizeObserver(() => {
    this.#drawnSteps = null;
    this.requestUpdate();
  });
  readonly #colours = matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    super();
    new Listen(this, () => this.view.playback);
    new Listen(this, () => this.#colours, 'change', () => {
      this.#drawnSteps = null;
      this.requestUpdate();
    });
    this.tabIndex = 0;
    this.setAttribute('role', 'slider');
    this.addEventListener('pointerdown', this.#onPointerDown);
    this.addEventListener('pointermove', this.#onPointerMove);
    this.addEventListener('keydown', this.#onKey);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('aria-label', this.view.context.t.task.timeline);
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  override render() {
    return html`<canvas aria-hidden="true"></canvas><div class="playhead"></div>`;
  }

  override updated(): void {
    const { playback, context: { t, format } } = this.view;
    const { steps, index, step } = playback;
    if (steps !== this.#drawnSteps) {
      this.#drawnSteps = steps;
      this.#layout = layOutTimeline(steps);
      this.#draw(steps);
    }
    this.setAttribute('aria-valuemin', '1');
    this.setAttribute('aria-valuemax', String(Math.max(1, steps.length)));
    this.setAttribute('aria-valuenow', String(index + 1));
    const start = steps[0];
    if (step !== null && start !== undefined) {
      const elapsed = Math.max(0, Date.parse(step.timestamp) - Date.parse(start.timestamp));
      this.setAttribute('aria-valuetext', t.task.timelineValue(step.step_number, format.duration(elapsed)));
    }
    const span = this.#layout.spans[index];
    this.playhead.hidden = span === undefined;
    if (span !== undefined) {
      this.playhead.style.transform = `translateX(${(span.start + span.end) * 50}%)`;
    }
  }

  #draw(steps: readonly Step[]): void {
    const { canvas } = this;
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    const context = canvas.getContext('2d');
    if (context === null) {
      return;
    }
    const colours = Object.fromEntries(TOKENS.map((token) => [token, this.#resolve(token)]));
    context.scale(devicePixelRatio, devicePixelRatio);
    const top = (height - BAR_HEIGHT) / 2;
    context.fillStyle = colours['--st-border'] ?? '';
    context.fillRect(0, height / 2, width, 1);
    steps.forEach((step, index) => {
      const span = this.#layout.spans[index];
      if (span === undefined) {
        return;
      }
      const failed = hasFailed(step);
      const token = failed ? '--st-failure' : step.success === true ? '--st-success' : '--st-border-control';
      context.fillStyle = colours[token] ?? '';
      const left = span.start * width;
      context.fillRect(left, failed ? top - 2 : top, Math.max(1, (span.end - span.start) * width - 1), failed ? BAR_HEIGHT + 4 : BAR_HEIGHT);
    });
    context.fillStyle = colours['--st-border-control'] ?? '';
    for (const pause of this.#layout.shortenedPauses) {
      context.fillRect(pause * width - 2, top, 1, BAR_HEIGHT);
      context.fillRect(pause * width + 1, top, 1, BAR_HEIGHT);
    }
  }

  /** Returns a token's colour as the browser computes it: a canvas does not understand `light-dark()`. */
  #resolve(token: string): string {
    this.playhead.style.color = `var(${token})`;
    const colour = getComputedStyle(this.playhead).color;
    this.playhead.style.color = '';
    return colour;
  }

  #seekTo(event: PointerEvent): void {
    const { left, width } = this.canvas.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    const index = indexAt(this.#layout, share);
    if (index !== this.view.playback.index) {
      this.view.playback.seek(index, { isScrubbing: true });
    }
  }

  readonly #onPointerDown = (event: PointerEvent) => {
    if (event.button === 0) {
      this.setPointerCapture(event.pointerId);
      this.#seekTo(event);
    }
  };

  readonly #onPointerMove = (event: PointerEvent) => {
    if (this.hasPointerCapture(event.pointerId)) {
      this.#seekTo(event);
    }
  };

  readonly #onKey = (event: KeyboardEvent) => {
    const { playback } = this.view;
    const last = playback.steps.length - 1;
    const moves: Record<string, number> = {
      ArrowLeft: playback.index - 1,
      ArrowDown: playback.index - 1,
      ArrowRight: playback.index + 1,
      ArrowUp: playback.index + 1,
      PageDown: Math.max(0, playback.index - PAGE_STEPS),
      PageUp: Math.min(last, playback.index + PAGE_STEPS),
      Home: 0,
      End: last,
    };
    const index = moves[event.key];
    if (index !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      playback.seek(index, { isScrubbing: event.repeat });
    }
  };
}

customElements.define('st-timeline', Timeline);
