import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { AppContext } from '../app-context.ts';
import { Problem } from '../api/problem.ts';
import '../components/command.ts';
import '../components/empty-state.ts';
import '../components/help-dialog.ts';
import type { KeyActions } from '../components/keyboard.ts';
import { Listen } from '../components/listen.ts';
import { MEDIUM, Media } from '../components/media.ts';
import { listenToKeys } from '../components/page-keys.ts';
import { controls } from '../styles/controls.ts';
import { StepAddress, changeHash, parameterInHash, stepInHash } from './address.ts';
import { connectionStyles, connectionTemplate } from './connection.ts';
import './details/details.ts';
import type { TaskDetails } from './details/details.ts';
import './film-strip.ts';
import './playback-controls.ts';
import './sheet.ts';
import type { Sheet } from './sheet.ts';
import { StageWidth } from './stage/stage-width.ts';
import './stage/stage.ts';
import type { Stage } from './stage/stage.ts';
import './step-list.ts';
import type { StepList } from './step-list.ts';
import { shapeOf } from './steps.ts';
import './task-bar.ts';
import type { TaskBar } from './task-bar.ts';
import { taskKeys } from './task-keys.ts';
import { createTaskView, type TaskView } from './task-view.ts';
import './timeline.ts';

const NOT_FOUND = 404;
/** The controls of the playback need two rows at this width. */
const MIN_STAGE_WIDTH = 344;
const MAX_STAGE_SHARE = 0.46;

/**
 * The page of one task: its steps, the screen of the phone with the action drawn on it, and details. The address names the step and the
 * tab: `#step=3&tab=model`, and by a share link also its token.
 */
export class TaskPage extends LitElement {
  static override styles = [controls, connectionStyles, css`
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

    .none {
      grid-column: 1 / 3;
      align-self: center;
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

    /* The page scrolls in short windows, for example of a phone on its side. */
    @media (height < 560px) {
      :host {
        flex: none;
        height: 560px;
      }
    }

    /* The details are a sheet above the screen. */
    @media (width < 700px) {
      .columns {
        --closed-height: 62px;

        position: relative;
        grid-template-rows: minmax(0, 1fr);
        padding-bottom: var(--closed-height);
      }

      .columns:has(st-sheet[height='half']) {
        grid-template-rows: 45%;
        padding-bottom: 0;
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property() taskId = '';
  @state() private isOpen = false;
  @state() private isMissing = false;
  @state() private isHelpOpen = false;
  @state() private marks = true;
  readonly #medium = new Media(this, MEDIUM);
  @query('.middle') private readonly middle!: HTMLElement | null;
  @query('st-stage') private readonly stage!: Stage | null;
  @query('st-step-list') private readonly stepList!: StepList | null;
  /** A tab in the address is visible at once. */
  readonly #sheetHeight = parameterInHash('tab') === '' ? 'closed' : 'half';
  @query('st-sheet') private readonly sheet!: Sheet | null;
  @query('st-task-bar') private readonly taskBar!: TaskBar | null;
  @query('st-details') private readonly details!: TaskDetails | null;
  #view!: TaskView;
  readonly #address = new StepAddress();

  constructor() {
    super();
    new Listen(this, () => this.#view.model, 'change', () => { this.#onModel(); });
    new Listen(this, () => this.#view.playback, 'change', () => { this.#onPlayback(); });
    new Listen(this, () => window, 'hashchange', () => { this.#onHash(); });
    new Listen(this, () => document, 'visibilitychange', () => { this.#pauseIfHidden(); });
    new StageWidth(this, {
      frame: () => this.stage,
      shapes: () => [shapeOf(this.#view.playback.steps)].filter((shape) => shape !== null),
      min: MIN_STAGE_WIDTH,
      maxShare: MAX_STAGE_SHARE,
    });
    listenToKeys(this, () => this.#keys());
  }

  override connectedCallback(): void {
    this.#view = createTaskView(this.context, this.taskId); // before the controllers listen to it
    super.connectedCallback();
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#view.model.close();
    this.#view.playback.pause();
    this.#address.cancel();
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
        <st-sheet label=${t.task.resizeDetails} height=${hasSteps ? this.#sheetHeight : 'half'}>
          <st-details .view=${view} .tab=${parameterInHash('tab')} @tab=${this.#onTab}></st-details>
        </st-sheet>
      </div>
      <st-help-dialog .t=${t} .open=${this.isHelpOpen} .keys=${taskKeys(t.task, context.isShared)}
        @close=${() => { this.isHelpOpen = false; }}></st-help-dialog>
      ${connectionTemplate([view.model], t)}
    `;
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
    const stepNumber = stepInHash('step');
    loader.urls.prefetch(stepNumber ?? 1);
    let shown: number;
    try {
      shown = await model.open(stepNumber);
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
      playback.seekNumber(shown);
    }
    await model.follow();
  }

  /** The steps that arrive while the user waits for the first one show the page. */
  #onModel(): void {
    const { model, playback } = this.#view;
    const hadSteps = playback.steps.length > 0;
    playback.setSteps(model.steps);
    if (!hadSteps && playback.index < 0 && this.isOpen) {
      playback.seek(0);
    }
    const { report } = model;
    this.context.shell.setTitle(report?.description ?? report?.name ?? '');
    this.requestUpdate();
  }

  #onPlayback(): void {
    const { playback } = this.#view;
    if (!this.isOpen) {
      return; // the step in the address is not shown yet
    }
    this.#address.set({ step: playback.isFollowing ? null : playback.step?.step_number ?? null });
  }

  #onHash(): void {
    this.#address.cancel();
    const stepNumber = stepInHash('step');
    if (stepNumber !== null) {
      this.#view.playback.seekNumber(stepNumber);
    }
    this.requestUpdate();
  }

  readonly #onTab = (event: CustomEvent<string>) => {
    changeHash({ tab: event.detail });
    this.sheet?.open();
  };

  #pauseIfHidden(): void {
    if (document.hidden) {
      this.#view.playback.pause();
    }
  }

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

  #keys(): KeyActions {
    if (!this.isOpen) {
      return {};
    }
    const { playback, context } = this.#view;
    const failure = (direction: 1 | -1) => () => {
      if (!playback.seekFailure(direction)) {
        context.shell.toast(context.t.task.controls.noFailure);
      }
    };
    const forPlayback: KeyActions = {
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
      ...(document.fullscreenEnabled ? { 'Shift+F': () => { void this.#toggleFullScreen(); } } : {}),
    };
    return document.fullscreenElement ? forPlayback : {
      ...forPlayback,
      '/': () => { this.stepList?.focusSearch(); },
      '?': () => { this.isHelpOpen = true; },
      ...this.taskBar?.keys(),
      ...this.details?.keys(),
    };
  }
}

customElements.define('st-task-page', TaskPage);
