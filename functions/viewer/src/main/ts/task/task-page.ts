import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { AppContext } from '../app-context.ts';
import { Problem } from '../api/problem.ts';
import '../components/command.ts';
import { isDialogOpen } from '../components/dialog.ts';
import '../components/empty-state.ts';
import '../components/help-dialog.ts';
import { MEDIUM, Media } from '../components/media.ts';
import { controls } from '../styles/controls.ts';
import './details/details.ts';
import type { TaskDetails } from './details/details.ts';
import './film-strip.ts';
import { actionOf, type KeyActions } from './keyboard.ts';
import { Playback } from './playback.ts';
import './playback-controls.ts';
import { ScreenshotLoader } from './screenshots/screenshot-loader.ts';
import './stage/stage.ts';
import './step-list.ts';
import type { StepList } from './step-list.ts';
import { MAX_STEP_NUMBER } from './steps.ts';
import './task-bar.ts';
import type { TaskBar } from './task-bar.ts';
import { taskKeys } from './task-keys.ts';
import { TaskModel } from './task-model.ts';
import type { TaskView } from './task-view.ts';
import './timeline.ts';
import { Veil } from './veil.ts';

/** Browsers limit the rate of changes of the address. */
const ADDRESS_DELAY_MS = 150;
const NOT_FOUND = 404;
const STAGE_PADDING = 20;
/** The controls of the playback need two rows at this width. */
const MIN_STAGE_WIDTH = 344;
const MAX_STAGE_SHARE = 0.46;

/**
 * The page of one task: its steps, the screen of the phone with the action drawn on it, and details. The address names the step and the
 * tab: `#step=3&tab=model`, and by a share link also its token.
 */
@customElement('st-task-page')
export class TaskPage extends LitElement {
  static override styles = [controls, css`
    :host {
      display: grid;
      grid-template-rows: auto auto auto minmax(0, 1fr);
      flex: 1 1 0;
      min-height: 0;
    }

    .columns {
      display: grid;
      grid-template-columns: clamp(250px, 22vw, 380px) var(--stage-width, 344px) minmax(320px, 1fr);
      grid-template-rows: minmax(0, 1fr);
      min-height: 0;
    }

    .middle {
      display: grid;
      grid-template-rows: minmax(0, 1fr) auto;
      min-width: 0;
      min-height: 0;
      border: solid var(--st-border);
      border-width: 0 1px;
    }

    .middle:fullscreen {
      background: var(--st-stage);
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

    .none {
      grid-column: 1 / 3;
      align-self: center;
    }

    .grip {
      display: none;
    }

    .sheet {
      display: grid;
      min-width: 0;
      min-height: 0;
    }

    @media (width < 1000px) {
      .columns {
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: minmax(0, 1fr) 42%;
      }

      .middle {
        border-width: 0 0 1px;
      }
    }

    /* The details are a sheet above the screen, with three heights. */
    @media (width < 700px) {
      .columns {
        position: relative;
        grid-template-rows: minmax(0, 1fr);
        padding-bottom: 58px;
      }

      .sheet {
        z-index: 2;
        position: absolute;
        right: 0;
        bottom: 0;
        left: 0;
        grid-template-rows: 20px minmax(0, 1fr);
        height: 58px;
        border-radius: 10px 10px 0 0;
        background: var(--st-surface);
        box-shadow: 0 0 0 1px var(--st-border), 0 -6px 20px rgb(0 0 0 / 12%);
        transition: height var(--st-motion);
      }

      .sheet.half {
        height: 55%;
      }

      .sheet.full {
        height: 100%;
      }

      .grip {
        display: grid;
        place-items: center;
        height: 20px;
        border: 0;
        background: none;
        touch-action: none;
      }

      .grip::before {
        width: 40px;
        height: 4px;
        border-radius: 2px;
        background: var(--st-border-control);
        content: '';
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property() taskId = '';
  @state() private isOpen = false;
  @state() private isMissing = false;
  @state() private isHelpOpen = false;
  @state() private marks = true;
  /** The height of the details on phones. */
  @state() private sheet: 'closed' | 'half' | 'full' = 'closed';
  readonly #medium = new Media(this, MEDIUM);
  @query('.middle') private readonly middle!: HTMLElement | null;
  @query('st-step-list') private readonly stepList!: StepList | null;
  @query('st-task-bar') private readonly taskBar!: TaskBar | null;
  @query('st-details') private readonly details!: TaskDetails | null;
  #view!: TaskView;
  #hasDragged = false;
  /** Whether the first step is shown only until the report says whether the task is running. */
  #followsIfRunning = false;
  #addressTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #resize = new ResizeObserver(() => { this.#fitStage(); });

  override connectedCallback(): void {
    super.connectedCallback();
    const { context, taskId } = this;
    const model = new TaskModel(context.api, taskId);
    this.#view = { context, model, playback: new Playback(), loader: new ScreenshotLoader(context.api, taskId), veil: new Veil() };
    model.addEventListener('change', this.#onModel);
    this.#view.playback.addEventListener('change', this.#onPlayback);
    addEventListener('hashchange', this.#onHash);
    document.addEventListener('keydown', this.#onKey);
    document.addEventListener('visibilitychange', this.#onVisibility);
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#view.model.close();
    this.#view.playback.pause();
    removeEventListener('hashchange', this.#onHash);
    document.removeEventListener('keydown', this.#onKey);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#resize.disconnect();
  }

  override render() {
    const { context, isMissing, isOpen } = this;
    const t = context.t;
    if (isMissing) {
      const [headline, advice] = context.isShared
        ? [t.shell.linkNotFound, t.shell.linkNotFoundAdvice] : [t.shell.taskNotFound, t.shell.taskNotFoundAdvice];
      return html`<st-empty-state .level=${1} headline=${headline} text=${advice}>
        ${context.isShared ? nothing : html`<a class="button" href="/">${t.shell.allTasks}</a>`}</st-empty-state>`;
    }
    if (!isOpen) {
      return html`<h1 class="hidden-text">${t.task.tabs.task}</h1>`;
    }
    const view = this.#view;
    const hasSteps = view.playback.steps.length > 0;
    return html`
      <st-task-bar .view=${view}></st-task-bar>
      ${hasSteps ? html`<st-film-strip .view=${view}></st-film-strip><st-timeline .view=${view}></st-timeline>` : html`<div></div><div></div>`}
      <div class="columns">
        ${hasSteps
          ? html`
            ${this.#medium.matches ? nothing : html`<st-step-list .view=${view}></st-step-list>`}
            <section class="middle" aria-label=${t.task.playback}>
              <st-stage .view=${view} .marks=${this.marks}></st-stage>
              <st-playback-controls .view=${view} .marks=${this.marks} @marks=${this.#toggleMarks} @full-screen=${this.#toggleFullScreen}>
              </st-playback-controls>
            </section>`
          : html`<div class="none">${this.#withoutSteps()}</div>`}
        <div class="sheet ${this.sheet}">
          <button class="grip" aria-label=${t.task.resizeDetails} aria-expanded=${this.sheet === 'closed' ? 'false' : 'true'}
            @click=${this.#cycleSheet} @pointerdown=${this.#onGripDown} @pointermove=${this.#onGripMove}></button>
          <st-details .view=${view} .tab=${tabOf(location.hash)} @tab=${this.#onTab}></st-details>
        </div>
      </div>
      <st-help-dialog .t=${t} .open=${this.isHelpOpen} .keys=${taskKeys(t.task, context.isShared)}
        @close=${() => { this.isHelpOpen = false; }}></st-help-dialog>
      ${view.model.isConnected ? nothing : html`<p class="offline" role="status">${t.task.offline}</p>`}
    `;
  }

  override updated(): void {
    const { middle } = this;
    if (middle) {
      this.#resize.observe(middle);
    }
    this.#fitStage();
  }

  #withoutSteps() {
    const { t } = this.context;
    const { report } = this.#view.model;
    switch (report?.status) {
      case undefined:
      case 'running':
        return html`<st-empty-state headline=${t.task.noSteps} text=${t.task.taskIsRunning}></st-empty-state>`;
      case 'archived':
        return html`<st-empty-state headline=${t.task.archived} text=${t.task.archivedAdvice}>
          <st-command .t=${t} .text=${`steptrail restore ${this.taskId}`}></st-command></st-empty-state>`;
      default:
        return html`<st-empty-state headline=${t.task.noSteps} text=${t.task.noStepsAdvice}></st-empty-state>`;
    }
  }

  async #open(): Promise<void> {
    const { model, playback, loader } = this.#view;
    const stepNumber = stepOf(location.hash);
    loader.urls.prefetch(stepNumber ?? 1);
    try {
      await model.open(stepNumber ?? 1);
    } catch (error) {
      this.isMissing = error instanceof Problem && error.status === NOT_FOUND;
      if (!this.isMissing) {
        throw error;
      }
      return;
    }
    playback.setSteps(model.steps);
    this.isOpen = true;
    if (stepNumber === null && model.report?.status === 'running') {
      playback.follow(true);
    } else {
      this.#followsIfRunning = stepNumber === null && model.report === null;
      playback.seekNumber(stepNumber ?? 1);
    }
    await model.follow();
  }

  /** Sets the width of the stage to that of the screen at its full height. */
  #fitStage(): void {
    const { middle } = this;
    const shape = this.#view.playback.steps.find(({ screenshots }) => screenshots.length > 0)?.screenshots[0];
    const stage = middle?.querySelector('st-stage');
    if (stage && shape && !document.fullscreenElement) {
      const wanted = ((stage.clientHeight - STAGE_PADDING) * shape.width) / shape.height + STAGE_PADDING;
      const width = Math.round(Math.min(innerWidth * MAX_STAGE_SHARE, Math.max(MIN_STAGE_WIDTH, wanted)));
      this.style.setProperty('--stage-width', `${String(width)}px`);
    }
  }

  /** The steps that arrive while the user waits for the first one show the page. */
  readonly #onModel = () => {
    const { model, playback } = this.#view;
    const hadSteps = playback.steps.length > 0;
    playback.setSteps(model.steps);
    if (!hadSteps && playback.index < 0 && this.isOpen) {
      playback.seek(0);
    }
    const { report } = model;
    if (this.#followsIfRunning && report !== null) {
      this.#followsIfRunning = false;
      if (report.status === 'running' && playback.index === 0 && !playback.isPlaying) {
        playback.follow(true);
      }
    }
    this.context.shell.setTitle(report?.description ?? report?.name ?? '');
    this.requestUpdate();
  };

  readonly #onPlayback = () => {
    const { playback } = this.#view;
    if (!this.isOpen) {
      return; // the step in the address is not shown yet
    }
    clearTimeout(this.#addressTimer);
    const stepNumber = playback.isFollowing ? null : playback.step?.step_number ?? null;
    this.#addressTimer = setTimeout(() => { setHash('step', stepNumber === null ? null : String(stepNumber)); }, ADDRESS_DELAY_MS);
  };

  readonly #onHash = () => {
    clearTimeout(this.#addressTimer);
    const stepNumber = stepOf(location.hash);
    if (stepNumber !== null) {
      this.#view.playback.seekNumber(stepNumber);
    }
    this.requestUpdate();
  };

  readonly #onTab = (event: CustomEvent<string>) => {
    setHash('tab', event.detail);
    this.sheet = this.sheet === 'closed' ? 'half' : this.sheet;
  };

  readonly #cycleSheet = () => {
    if (!this.#hasDragged) {
      this.sheet = this.sheet === 'closed' ? 'half' : this.sheet === 'half' ? 'full' : 'closed';
    }
  };

  readonly #onGripDown = (event: PointerEvent) => {
    this.#hasDragged = false;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };

  /** The sheet gets the height that is nearest to the pointer. */
  readonly #onGripMove = (event: PointerEvent) => {
    const grip = event.currentTarget as HTMLElement;
    const columns = grip.closest('.columns')?.getBoundingClientRect();
    if (grip.hasPointerCapture(event.pointerId) && columns && (this.#hasDragged || Math.abs(event.movementY) > 2)) {
      this.#hasDragged = true;
      const share = (columns.bottom - event.clientY) / columns.height;
      this.sheet = share > 0.75 ? 'full' : share > 0.25 ? 'half' : 'closed';
    }
  };

  readonly #onVisibility = () => {
    if (document.hidden) {
      this.#view.playback.pause();
    }
  };

  readonly #toggleMarks = () => {
    this.marks = !this.marks;
  };

  readonly #toggleFullScreen = async () => {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
    } else {
      await this.middle?.requestFullscreen();
    }
  };

  readonly #onKey = (event: KeyboardEvent) => {
    if (!this.isOpen || isDialogOpen()) {
      return;
    }
    const { playback, context } = this.#view;
    const failure = (direction: 1 | -1) => () => {
      if (!playback.seekFailure(direction)) {
        context.shell.toast(context.t.task.controls.noFailure);
      }
    };
    const actions: KeyActions = {
      ' ': () => { playback.togglePlaying(); },
      K: () => { playback.togglePlaying(); },
      ArrowRight: () => { playback.seekBy(1); },
      L: () => { playback.seekBy(1); },
      ArrowLeft: () => { playback.seekBy(-1); },
      J: () => { playback.seekBy(-1); },
      E: failure(1),
      'Shift+E': failure(-1),
      B: () => { playback.nextView(); },
      '[': () => { playback.changeSpeed(-1); },
      ']': () => { playback.changeSpeed(1); },
      'Shift+F': () => { void this.#toggleFullScreen(); },
      '/': () => { this.stepList?.focusSearch(); },
      '?': () => { this.isHelpOpen = true; },
      ...this.taskBar?.keys(),
      ...this.details?.keys(),
    };
    const action = actionOf(event, actions);
    if (action) {
      event.preventDefault();
      action();
    }
  };
}

/** Returns the step number in the fragment of an address; null if there is none that a step can have. */
export function stepOf(hash: string): number | null {
  const stepNumber = Number(new URLSearchParams(hash.slice(1)).get('step'));
  return Number.isInteger(stepNumber) && stepNumber > 0 && stepNumber <= MAX_STEP_NUMBER ? stepNumber : null;
}

function tabOf(hash: string): string {
  return new URLSearchParams(hash.slice(1)).get('tab') ?? '';
}

/** Changes one parameter of the fragment, without a new entry in the history. */
function setHash(name: string, value: string | null): void {
  const parameters = new URLSearchParams(location.hash.slice(1));
  if (value === null) {
    parameters.delete(name);
  } else {
    parameters.set(name, value);
  }
  const fragment = parameters.toString();
  history.replaceState(null, '', `${location.pathname}${location.search}${fragment === '' ? '' : `#${fragment}`}`);
}
