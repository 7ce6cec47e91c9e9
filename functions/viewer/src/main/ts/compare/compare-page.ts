import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { AppContext } from '../app-context.ts';
import { Problem } from '../api/problem.ts';
import { isDialogOpen } from '../components/dialog.ts';
import '../components/empty-state.ts';
import { icon, type IconName } from '../components/icons.ts';
import { Listen } from '../components/listen.ts';
import '../components/outcome.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { describeStep } from '../task/action-text.ts';
import '../task/film-strip.ts';
import { actionOf } from '../task/keyboard.ts';
import { Playback } from '../task/playback.ts';
import { ScreenshotLoader } from '../task/screenshots/screenshot-loader.ts';
import '../task/stage/stage.ts';
import { MAX_STEP_NUMBER, hasFailed } from '../task/steps.ts';
import { TaskModel } from '../task/task-model.ts';
import type { TaskView } from '../task/task-view.ts';
import { Veil } from '../task/veil.ts';
import { MAX_STEPS_BY_ACTION, hasTooManySteps } from './alignment.ts';
import { Comparison, type Alignment } from './comparison.ts';
import './comparison-rows.ts';

type Side = 0 | 1;

const SIDES: readonly Side[] = [0, 1];
/** The parameters of the address: of the query for the tasks, of the fragment for the selected steps. */
const PARAMETERS = ['a', 'b'] as const;
const TASK_ID = /^[0-9a-f-]{36}$/i;
const NOT_FOUND = 404;
const ADDRESS_DELAY_MS = 150;
const MAX_TEXT = 400;
const STAGE_PADDING = 20;
const MIN_STAGE_WIDTH = 200;
const MAX_STAGE_SHARE = 0.24;

/**
 * Two tasks side by side, with their steps aligned. The address names the tasks, and the steps of the selected row:
 * `/compare?a=…&b=…#a=3&b=4`.
 */
@customElement('st-compare-page')
export class ComparePage extends LitElement {
  static override styles = [controls, css`
    :host {
      display: grid;
      grid-template-rows: auto auto minmax(0, 1fr);
      flex: 1 1 0;
      min-height: 0;
    }

    .pair {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      min-height: 0;
    }

    .pair > :first-child {
      border-right: 1px solid var(--st-border);
    }

    .task {
      display: flex;
      align-items: center;
      gap: 4px var(--st-space-3);
      min-height: 44px;
      padding: 4px var(--st-space-4);
      border-bottom: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .side {
      flex: none;
      width: 20px;
      border-radius: 3px;
      background: var(--st-surface-2);
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
      font-weight: 600;
      line-height: 20px;
      text-align: center;
    }

    h2 {
      min-width: 40px;
      font-size: 14px;
    }

    h2 a {
      color: inherit;
    }

    .meta {
      flex: 1;
      min-width: 60px;
      text-align: right;
    }

    .columns {
      display: grid;
      grid-template-columns: minmax(0, 1fr) calc(2 * var(--stage-width, 300px));
      min-height: 0;
    }

    .steps {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr);
      min-height: 0;
      border-right: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .tools {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px var(--st-space-3);
      padding: 8px;
      border-bottom: 1px solid var(--st-border);
    }

    .space {
      flex: 1;
    }

    .segments {
      display: inline-flex;
    }

    .segments button {
      border-radius: 0;
    }

    .segments button + button {
      margin-left: -1px;
    }

    .segments button:first-child {
      border-radius: var(--st-radius) 0 0 var(--st-radius);
    }

    .segments button:last-child {
      border-radius: 0 var(--st-radius) var(--st-radius) 0;
    }

    .segments [aria-pressed='true'] {
      z-index: 1;
    }

    .screens {
      display: grid;
      grid-template-rows: minmax(0, 1fr) auto;
      min-width: 0;
      min-height: 0;
    }

    .half {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr);
      min-width: 0;
      min-height: 0;
    }

    .caption {
      display: flex;
      align-items: center;
      gap: 6px;
      height: 30px;
      padding: 0 8px;
      border-bottom: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .caption.failed {
      color: var(--st-failure);
    }

    .screen {
      display: grid;
      grid-template: minmax(0, 1fr) / minmax(0, 1fr);
      position: relative;
      min-height: 0;
    }

    .missing st-stage {
      visibility: hidden;
    }

    .placeholder {
      container-type: size;
      display: grid;
      place-items: center;
      position: absolute;
      inset: 0;
      padding: 10px;
      background: var(--st-stage);
    }

    .placeholder p {
      display: grid;
      place-items: center;
      width: min(100cqw, 100cqh * var(--ratio, 0.45));
      aspect-ratio: var(--ratio, 0.45);
      padding: 8px;
      border: 1px dashed var(--st-border-control);
      border-radius: 10px;
      background: repeating-linear-gradient(135deg, var(--st-border) 0 1px, transparent 1px 10px), var(--st-surface-2);
      text-align: center;
    }

    .placeholder span {
      padding: 2px 8px;
      border-radius: 4px;
      background: var(--st-surface);
      color: var(--st-text-muted);
    }

    .controls {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: center;
      gap: 2px 6px;
      padding: 6px 8px;
      border-top: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .playback {
      display: inline-flex;
    }

    .play {
      width: 34px;
      border-color: transparent;
      border-radius: 50%;
      background: var(--st-accent);
      color: var(--st-on-accent);
    }

    .play:hover {
      background: color-mix(in srgb, var(--st-accent), var(--st-text) 12%);
    }

    .position {
      min-width: 56px;
      text-align: center;
    }

    .offline {
      position: fixed;
      z-index: 20;
      bottom: 12px;
      left: 12px;
      padding: 6px 12px;
      border-radius: var(--st-radius-panel);
      background: var(--st-warning-quiet);
      color: var(--st-warning);
      box-shadow: var(--st-shadow-menu);
    }

    /* The screens above the rows. The page keeps the height of the window. */
    @media (width < 1000px) {
      :host {
        flex: none;
        height: calc(100dvh - var(--st-header));
        min-height: 520px;
      }

      .columns {
        grid-template: minmax(0, 55fr) minmax(0, 45fr) / minmax(0, 1fr);
      }

      .steps {
        order: 1;
        border: 0;
        border-top: 1px solid var(--st-border);
      }

      .task {
        flex-wrap: wrap;
      }

      h2 {
        flex: 1 1 60%;
      }

      .meta {
        text-align: left;
      }
    }

    @media (width < 700px) {
      st-film-strip,
      kbd,
      .align,
      .previous,
      .space,
      .end {
        display: none;
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @state() private isOpen = false;
  @state() private isMissing = false;
  @state() private marks = true;
  @state() private screenshot: 'before' | 'after' = 'before';
  @query('.screens') private readonly screens!: HTMLElement | null;
  readonly #comparison = new Comparison();
  #views: readonly TaskView[] = [];
  #isMoving = false;
  #addressTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #resize = new ResizeObserver(() => { this.#fitStages(); });

  constructor() {
    super();
    new Listen(this, () => this.#comparison, 'change', () => { this.#onComparison(); });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { context } = this;
    context.shell.setTitle(context.t.compare.title);
    const ids = PARAMETERS.map((name) => new URLSearchParams(location.search).get(name)?.toLowerCase() ?? '');
    if (!ids.every((id) => TASK_ID.test(id))) {
      return;
    }
    this.#views = ids.map((id) => ({
      context, model: new TaskModel(context.api, id), playback: new Playback(), loader: new ScreenshotLoader(context.api, id), veil: new Veil(),
    }));
    this.#views.forEach(({ model, playback }, side) => {
      model.addEventListener('change', this.#onModel);
      playback.addEventListener('change', () => { this.#onPlayback(side as Side); });
    });
    addEventListener('hashchange', this.#onHash);
    document.addEventListener('keydown', this.#onKey);
    document.addEventListener('visibilitychange', this.#onVisibility);
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#views.forEach(({ model }) => { model.close(); });
    this.#comparison.pause();
    clearTimeout(this.#addressTimer);
    removeEventListener('hashchange', this.#onHash);
    document.removeEventListener('keydown', this.#onKey);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#resize.disconnect();
  }

  override render() {
    const { context: { t }, isMissing, isOpen } = this;
    if (isMissing || this.#views.length === 0) {
      const [headline, text] = isMissing
        ? [t.shell.taskNotFound, t.shell.taskNotFoundAdvice] : [t.compare.chooseTwo, t.compare.chooseTwoAdvice];
      return html`<st-empty-state .level=${1} headline=${headline} text=${text}><a class="button" href="/">${t.shell.allTasks}</a></st-empty-state>`;
    }
    if (!isOpen) {
      return nothing;
    }
    return html`
      <h1 class="hidden-text">${t.compare.title}</h1>
      <div class="pair">${SIDES.map((side) => this.#task(side))}</div>
      <div class="pair">${this.#views.map((view) => html`<div>${view.playback.step === null ? nothing
        : html`<st-film-strip .view=${view}></st-film-strip>`}</div>`)}</div>
      <div class="columns">
        <section class="steps" aria-label=${t.task.steps}>
          ${this.#tools()}
          <st-comparison-rows .context=${this.context} .comparison=${this.#comparison}></st-comparison-rows>
        </section>
        <section class="screens" aria-label=${t.compare.screens}>
          <div class="pair">${SIDES.map((side) => this.#screen(side))}</div>
          ${this.#controls()}
        </section>
      </div>
      ${this.#views.every(({ model }) => model.isConnected) ? nothing : html`<p class="offline" role="status">${t.task.offline}</p>`}
    `;
  }

  override updated(): void {
    const { screens } = this;
    if (screens) {
      this.#resize.observe(screens);
      screens.querySelectorAll<HTMLElement>('.screen').forEach((screen, side) => {
        const shape = this.#shapeOf(side as Side);
        if (shape) {
          screen.style.setProperty('--ratio', String(shape.width / shape.height));
        }
      });
      this.#fitStages();
    }
  }

  #task(side: Side) {
    const { t, format } = this.context;
    const view = this.#views[side];
    const report = view?.model.report;
    const instruction = truncate(report?.description ?? report?.name ?? '', MAX_TEXT) || t.task.bar.untitled;
    const facts = report ? [
      t.common.steps(report.total_steps, format.number(report.total_steps)), format.duration(report.elapsed_ms), report.model,
      format.age(report.started_at),
    ] : [];
    return html`
      <div class="task">
        <span class="side">${t.compare.sides[side]}</span>
        <h2 class="ellipsis"><a href=${`/tasks/${view?.model.taskId ?? ''}`} dir="auto" title=${instruction}>${instruction}</a></h2>
        ${report ? html`<st-outcome .t=${t} .task=${report}></st-outcome>` : nothing}
        <span class="meta muted small ellipsis number"><bdi>${facts.filter((fact) => fact !== null && fact !== '').join(' · ')}</bdi></span>
      </div>`;
  }

  #tools() {
    const { t: { compare: t }, format } = this.context;
    const { alignment, equalRows, rows } = this.#comparison;
    const [a = [], b = []] = this.#views.map(({ model }) => model.steps);
    const align = (value: Alignment, name: string) => html`
      <button aria-pressed=${alignment === value ? 'true' : 'false'} @click=${() => { this.#comparison.setAlignment(value); }}>${name}</button>`;
    return html`
      <div class="tools">
        <span class="muted small align" id="align">${t.alignBy}</span>
        <span class="segments" role="group" aria-labelledby="align">${align('action', t.byAction)}${align('number', t.byNumber)}</span>
        <span class="muted small number" role="status">${t.equalRows(format.number(equalRows), format.number(rows.length))}
          ${alignment === 'action' && hasTooManySteps(a, b) ? t.tooManySteps(format.number(MAX_STEPS_BY_ACTION)) : nothing}</span>
        <span class="space"></span>
        <button class="plain icon previous" aria-label=${t.previousDifference} title="${t.previousDifference} (Shift+D)"
          @click=${() => { this.#selectDifference(-1); }}>${icon('previous')}</button>
        <button aria-keyshortcuts="D" @click=${() => { this.#selectDifference(1); }}>${t.nextDifference} <kbd>D</kbd></button>
      </div>`;
  }

  #screen(side: Side) {
    const { t } = this.context;
    const view = this.#views[side];
    const step = this.#comparison.row[side];
    const failed = step !== null && hasFailed(step);
    const text = step === null ? t.compare.noStep : truncate(describeStep(step, t.task), MAX_TEXT);
    return html`
      <div class="half">
        <p class="caption ${failed ? 'failed' : ''}">
          <span class="side">${t.compare.sides[side]}</span>
          ${step === null ? nothing : html`<span class="muted small number">${step.step_number}</span>`}
          <span class="ellipsis ${step === null ? 'muted' : ''}" dir="auto" title=${text}>${text}</span>
          ${failed ? icon('cross', t.common.outcome.failure) : nothing}
        </p>
        <div class="screen ${step === null ? 'missing' : ''}">
          <st-stage .view=${view} .marks=${this.marks}></st-stage>
          ${step === null ? html`<div class="placeholder" aria-hidden="true"><p><span>${t.compare.noStep}</span></p></div>` : nothing}
        </div>
      </div>`;
  }

  #controls() {
    const { t: { task: t }, format } = this.context;
    const comparison = this.#comparison;
    const { index, isPlaying, rows } = comparison;
    const isFirst = index <= 0;
    const isLast = index >= rows.length - 1;
    const button = (name: IconName, label: string, key: string | null, isDisabled: boolean, move: number) => html`
      <button class="plain icon ${Math.abs(move) > 1 ? 'end' : ''}" title=${key === null ? label : `${label} (${key})`} aria-label=${label} ?disabled=${isDisabled}
        @click=${() => { comparison.selectBy(move); }}>${icon(name)}</button>`;
    return html`
      <div class="controls">
        <span class="segments" role="group" aria-label=${t.views.label}>${(['before', 'after'] as const).map((value) => html`
          <button aria-pressed=${this.screenshot === value ? 'true' : 'false'} title="${t.views[value]} (B)"
            @click=${() => { this.#show(value); }}>${t.views[value]}</button>`)}</span>
        <button class="plain" aria-pressed=${this.marks ? 'true' : 'false'} title=${t.controls.marks} aria-label=${t.controls.marks}
          @click=${() => { this.marks = !this.marks; }}>${icon('tap')}</button>
        <span class="playback" role="group" aria-label=${t.playback}>
          ${button('first', t.controls.first, null, isFirst, -rows.length)}
          ${button('previous', t.controls.previous, '←', isFirst, -1)}
          <button class="play icon" title="${isPlaying ? t.controls.pause : t.controls.play} (Space)"
            aria-label=${isPlaying ? t.controls.pause : t.controls.play} ?disabled=${rows.length === 0}
            @click=${() => { comparison.togglePlaying(); }}>${icon(isPlaying ? 'pause' : 'play')}</button>
          ${button('next', t.controls.next, '→', isLast, 1)}
          ${button('last', t.controls.last, null, isLast, rows.length)}
        </span>
        <span class="position muted small number">${t.controls.position(format.number(index + 1), format.number(rows.length))}</span>
      </div>`;
  }

  async #open(): Promise<void> {
    const [a, b] = SIDES.map(stepInAddress);
    try {
      await Promise.all(this.#views.map(({ model }, side) => model.open((side === 0 ? a : b) ?? 1)));
    } catch (error) {
      this.isMissing = error instanceof Problem && error.status === NOT_FOUND;
      if (!this.isMissing) {
        throw error;
      }
      return;
    }
    this.isOpen = true;
    this.#onModel();
    this.#onHash();
    await Promise.all(this.#views.map(({ model }) => model.follow()));
  }

  #shapeOf(side: Side) {
    return this.#views[side]?.playback.steps.find(({ screenshots }) => screenshots.length > 0)?.screenshots[0];
  }

  /** Gives both stages the width of the wider screen at its full height. */
  #fitStages(): void {
    const height = this.renderRoot.querySelector('.screen')?.clientHeight ?? 0;
    const ratios = SIDES.map((side) => this.#shapeOf(side)).map((shape) => (shape ? shape.width / shape.height : 0));
    const wanted = (height - STAGE_PADDING) * Math.max(...ratios) + STAGE_PADDING;
    const width = Math.round(Math.min(innerWidth * MAX_STAGE_SHARE, Math.max(MIN_STAGE_WIDTH, wanted)));
    this.style.setProperty('--stage-width', `${String(width)}px`);
  }

  #show(screenshot: 'before' | 'after'): void {
    this.screenshot = screenshot;
    this.#views.forEach(({ playback }) => { playback.setView(screenshot); });
  }

  #selectDifference(direction: 1 | -1): void {
    const { shell, t } = this.context;
    if (!this.#comparison.selectDifference(direction)) {
      shell.toast(t.compare.noDifference);
    }
  }

  readonly #onModel = () => {
    if (this.isOpen) {
      this.#isMoving = true;
      this.#views.forEach(({ model, playback }) => { playback.setSteps(model.steps); });
      this.#isMoving = false;
      const [a = [], b = []] = this.#views.map(({ model }) => model.steps);
      this.#comparison.setSteps(a, b);
      this.requestUpdate();
    }
  };

  /** Shows the screenshots of the selected row. A task without a step in this row keeps its last one, behind the placeholder. */
  #onComparison(): void {
    this.#isMoving = true;
    this.#views.forEach(({ playback }, side) => {
      const step = this.#comparison.stepAt(side as Side) ?? playback.steps[0];
      if (step !== undefined && step !== playback.step) {
        playback.seek(playback.steps.indexOf(step), { view: this.screenshot });
      }
    });
    this.#isMoving = false;
    this.#comparison.shown = Promise.all(this.#views.map(({ playback }) => playback.shown));
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => { this.#writeAddress(); }, ADDRESS_DELAY_MS);
    this.requestUpdate();
  }

  /** The film strip of a task moved to a step. */
  #onPlayback(side: Side): void {
    const { step } = this.#views[side]?.playback ?? {};
    if (!this.#isMoving && step && step.step_number !== this.#comparison.row[side]?.step_number) {
      this.#comparison.selectStep(side, step.step_number);
    }
  }

  #writeAddress(): void {
    const { row } = this.#comparison;
    const parameters = PARAMETERS.flatMap((name, side) => {
      const number = row[side]?.step_number;
      return number === undefined ? [] : [`${name}=${String(number)}`];
    });
    if (parameters.length > 0) {
      history.replaceState(null, '', `${location.pathname}${location.search}#${parameters.join('&')}`);
    }
  }

  readonly #onHash = () => {
    clearTimeout(this.#addressTimer);
    for (const side of SIDES) {
      const number = stepInAddress(side);
      if (number !== null) {
        this.#comparison.selectStep(side, number);
        return;
      }
    }
  };

  readonly #onVisibility = () => {
    if (document.hidden) {
      this.#comparison.pause();
    }
  };

  readonly #onKey = (event: KeyboardEvent) => {
    if (!this.isOpen || isDialogOpen()) {
      return;
    }
    const comparison = this.#comparison;
    const move = (count: number) => () => { comparison.selectBy(count); };
    const difference = (direction: 1 | -1) => () => { this.#selectDifference(direction); };
    const play = () => { comparison.togglePlaying(); };
    const action = actionOf(event, {
      ' ': play,
      K: play,
      ArrowRight: move(1),
      L: move(1),
      ArrowLeft: move(-1),
      J: move(-1),
      D: difference(1),
      'Shift+D': difference(-1),
      B: () => { this.#show(this.screenshot === 'before' ? 'after' : 'before'); },
    });
    if (action) {
      event.preventDefault();
      action();
    }
  };
}

/** Returns the number of a task's step in the fragment of the address; null if there is none that a step can have. */
function stepInAddress(side: Side): number | null {
  const stepNumber = Number(new URLSearchParams(location.hash.slice(1)).get(PARAMETERS[side]));
  return Number.isInteger(stepNumber) && stepNumber > 0 && stepNumber <= MAX_STEP_NUMBER ? stepNumber : null;
}
