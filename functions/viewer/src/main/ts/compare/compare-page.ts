import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { AppContext } from '../app-context.ts';
import { Problem } from '../api/problem.ts';
import '../components/empty-state.ts';
import '../components/help-dialog.ts';
import { icon } from '../components/icons.ts';
import type { KeyActions } from '../components/keyboard.ts';
import { Listen } from '../components/listen.ts';
import '../components/outcome.ts';
import { listenToKeys } from '../components/page-keys.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { StepAddress, stepInHash } from '../task/address.ts';
import { connectionStyles, connectionTemplate } from '../task/connection.ts';
import '../task/film-strip.ts';
import { createTaskView, type TaskView } from '../task/task-view.ts';
import { MAX_STEPS_BY_ACTION, hasTooManySteps } from './alignment.ts';
import './compared-screens.ts';
import { Comparison, type Alignment } from './comparison.ts';
import './comparison-rows.ts';
import { SIDES, sideLabel, sideStyles, type Side } from './side.ts';

/** The parameters of the address: of the query for the tasks, of the fragment for the selected steps. */
const PARAMETERS = ['a', 'b'] as const;
const TASK_ID = /^[0-9a-f-]{36}$/i;
const NOT_FOUND = 404;
const MAX_TEXT = 400;
/** The keys of the page, by the name of their text. */
const KEYS = [['play', 'Space, K'], ['row', '← →, J L'], ['difference', 'D, Shift+D'], ['screenshot', 'B'], ['help', '?']] as const;
/** With more steps, they are aligned only when all have arrived. */
const MAX_LIVE_STEPS = 400;

/**
 * Two tasks side by side, with their steps aligned. The address names the tasks, and the steps of the selected row:
 * `/compare?a=…&b=…#a=3&b=4`.
 */
export class ComparePage extends LitElement {
  static override styles = [controls, connectionStyles, sideStyles, css`
    :host {
      display: grid;
      grid-template-rows: auto auto minmax(0, 1fr);
      flex: 1 1 0;
      min-height: 0;
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
      grid-template-columns: minmax(0, 1fr) auto;
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
        align-content: start;
      }

      h2 {
        flex: 1 1 60%;
      }

      .meta {
        flex-basis: 100%;
        text-align: left;
        white-space: normal;
      }
    }

    @media (width < 700px) {
      st-film-strip,
      kbd,
      .align,
      .previous,
      .space {
        display: none;
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @state() private isOpen = false;
  @state() private isMissing = false;
  @state() private isHelpOpen = false;
  readonly #comparison = new Comparison();
  readonly #address = new StepAddress();
  #views: readonly TaskView[] = [];
  #isMoving = false;
  #shownScreenshot = this.#comparison.screenshot;

  constructor() {
    super();
    new Listen(this, () => this.#comparison, 'change', () => { this.#onComparison(); });
    new Listen(this, () => window, 'hashchange', () => { this.#onHash(); });
    new Listen(this, () => document, 'visibilitychange', () => { this.#pauseIfHidden(); });
    listenToKeys(this, () => this.#keys());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { context } = this;
    context.shell.setTitle(context.t.compare.title);
    const ids = PARAMETERS.map((name) => new URLSearchParams(location.search).get(name)?.toLowerCase() ?? '');
    if (ids.every((id) => TASK_ID.test(id))) {
      this.#views = ids.map((id) => createTaskView(context, id));
      this.#views.forEach(({ model, playback }, side) => {
        model.addEventListener('change', () => { this.#onModel(); });
        playback.addEventListener('change', () => { this.#onPlayback(side as Side); });
      });
      void this.#open();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#views.forEach(({ model }) => { model.close(); });
    this.#comparison.pause();
    this.#address.cancel();
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
        <st-compared-screens .context=${this.context} .comparison=${this.#comparison} .views=${this.#views}></st-compared-screens>
      </div>
      <st-help-dialog .t=${t} .open=${this.isHelpOpen} .keys=${KEYS.map(([name, keys]) => [keys, t.compare.keys[name]])}
        @close=${() => { this.isHelpOpen = false; }}></st-help-dialog>
      ${connectionTemplate(this.#views.map(({ model }) => model), t)}
    `;
  }

  #task(side: Side) {
    const { t, format } = this.context;
    const view = this.#views[side];
    const report = view?.model.report;
    const instruction = truncate(report?.description ?? report?.name ?? '', MAX_TEXT) || (report ? t.common.untitled : '');
    const facts = report ? [
      t.common.steps(report.total_steps, format.number(report.total_steps)), format.duration(report.elapsed_ms), report.model,
      report.usage === null ? null : t.common.tokens(format.tokens(report.usage) ?? ''), format.cost(report.cost), format.age(report.started_at),
    ] : [];
    return html`
      <div class="task">
        ${sideLabel(side, t)}
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

  async #open(): Promise<void> {
    const [a, b] = PARAMETERS.map((name) => stepInHash(name));
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

  #selectDifference(direction: 1 | -1): void {
    const { shell, t } = this.context;
    if (!this.#comparison.selectDifference(direction)) {
      shell.toast(t.compare.noDifference);
    }
  }

  #onModel(): void {
    if (this.isOpen) {
      this.#isMoving = true;
      this.#views.forEach(({ model, playback }) => { playback.setSteps(model.steps); });
      this.#isMoving = false;
      const [a = [], b = []] = this.#views.map(({ model }) => model.steps);
      if (a.length + b.length <= MAX_LIVE_STEPS || this.#views.every(({ model }) => model.isComplete)) {
        this.#comparison.setSteps(a, b);
      }
      this.requestUpdate();
    }
  }

  /** Shows the screenshots of the selected row. A task without a step in this row keeps its last one, behind the placeholder. */
  #onComparison(): void {
    const { screenshot } = this.#comparison;
    this.#isMoving = true;
    this.#views.forEach(({ playback }, side) => {
      const step = this.#comparison.stepAt(side as Side) ?? playback.steps[0];
      if (step !== undefined && (step !== playback.step || screenshot !== this.#shownScreenshot)) {
        playback.seek(playback.steps.indexOf(step), { view: screenshot });
      }
    });
    this.#isMoving = false;
    this.#shownScreenshot = screenshot;
    this.#comparison.shown = Promise.all(this.#views.map(({ playback }) => playback.shown));
    const { row } = this.#comparison;
    if (this.isOpen && row.some((step) => step !== null)) {
      this.#address.set({ a: row[0]?.step_number ?? null, b: row[1]?.step_number ?? null });
    }
    this.requestUpdate();
  }

  /** The film strip of a task moved to a step. */
  #onPlayback(side: Side): void {
    const { step } = this.#views[side]?.playback ?? {};
    if (!this.#isMoving && step && step.step_number !== this.#comparison.row[side]?.step_number) {
      this.#comparison.selectStep(side, step.step_number);
    }
  }

  #onHash(): void {
    this.#address.cancel();
    for (const side of SIDES) {
      const number = stepInHash(PARAMETERS[side]);
      if (number !== null) {
        this.#comparison.selectStep(side, number);
        return;
      }
    }
  }

  #pauseIfHidden(): void {
    if (document.hidden) {
      this.#comparison.pause();
    }
  }

  #keys(): KeyActions {
    if (!this.isOpen) {
      return {};
    }
    const comparison = this.#comparison;
    const move = (count: number) => () => { comparison.selectBy(count); };
    const difference = (direction: 1 | -1) => () => { this.#selectDifference(direction); };
    const play = () => { comparison.togglePlaying(); };
    return {
      ' ': play,
      K: play,
      ArrowRight: move(1),
      L: move(1),
      ArrowLeft: move(-1),
      J: move(-1),
      D: difference(1),
      'Shift+D': difference(-1),
      '?': () => { this.isHelpOpen = true; },
      B: () => { comparison.show(comparison.screenshot === 'before' && comparison.hasAfter ? 'after' : 'before'); },
    };
  }
}

customElements.define('st-compare-page', ComparePage);
