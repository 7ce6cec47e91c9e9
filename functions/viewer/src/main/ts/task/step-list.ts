import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Step } from '../api/types.ts';
import { icon } from '../components/icons.ts';
import { Listen } from '../components/listen.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { actionIcon, describeStep } from './action-text.ts';
import { FollowPlayback } from './follow-playback.ts';
import { RowWindow, rowStyles } from './row-window.ts';
import { filterSteps } from './step-filter.ts';
import { hasFailed, indexOfStep } from './steps.ts';
import type { TaskView } from './task-view.ts';

const MAX_SENTENCE = 200;
const TYPING_MS = 150;

/** The steps of a task as sentences, with search and a filter for failed ones. Only rows near the visible part exist. */
export class StepList extends LitElement {
  static override styles = [controls, rowStyles, css`
    :host {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr);
      min-width: 0;
      min-height: 0;
      background: var(--st-surface);
    }

    form {
      display: flex;
      gap: 6px;
      padding: 8px;
      border-bottom: 1px solid var(--st-border);
    }

    .search {
      flex: 1;
      min-width: 0;
    }

    li {
      grid-template-columns: minmax(34px, max-content) 16px minmax(0, 1fr) auto;
      align-items: center;
      gap: 7px;
      padding: 0 8px 0 4px;
    }

    li.failed:not([aria-selected='true']) {
      background: var(--st-failure-quiet);
    }

    .end {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
    }

    .failed .end .icon {
      color: var(--st-failure);
    }

    .labels {
      display: inline-flex;
      gap: 3px;
    }

    .label {
      width: 7px;
      height: 7px;
      border-radius: 50%;
      background: var(--st-accent);
    }

    .label.good {
      background: var(--st-success);
    }

    .label.bad {
      background: var(--st-failure);
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  @state() private text = '';
  @state() private failuresOnly = false;
  #filtered: { steps: readonly Step[]; text: string; failuresOnly: boolean; matching: readonly Step[] } | null = null;
  #typing: ReturnType<typeof setTimeout> | undefined;
  readonly #rows: RowWindow = new RowWindow(this, () => {
    const matching = this.#matching();
    return { count: matching.length, selected: matching.findIndex(({ step_number: number }) => number === this.view.playback.step?.step_number) };
  });

  constructor() {
    super();
    new FollowPlayback(this, () => this.view.playback);
    new Listen(this, () => this.view.model);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  /** Moves the focus to the search field. */
  focusSearch(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  override render() {
    const { context: { t: { task: t }, format }, playback } = this.view;
    const matching = this.#matching();
    const failures = playback.steps.filter(hasFailed).length;
    const { first, end } = this.#rows.render();
    const shown = matching.slice(first, end).map((step, offset) => ({ step, place: first + offset }));
    const isFiltered = this.text !== '' || this.failuresOnly;
    const selected = playback.step?.step_number;
    return html`
      <form role="search" @submit=${(event: Event) => { event.preventDefault(); }}>
        <label class="search">
          <span class="hidden-text">${t.stepList.search}</span>${icon('search')}
          <input type="search" placeholder=${t.stepList.search} @input=${this.#onInput}>
        </label>
        <button type="button" aria-pressed=${this.failuresOnly ? 'true' : 'false'} title=${t.stepList.failuresOnlyHint}
          ?disabled=${failures === 0 && !this.failuresOnly} @click=${() => { this.failuresOnly = !this.failuresOnly; }}>
          ${t.stepList.failuresOnly} <span class="number">${format.number(failures)}</span>
        </button>
      </form>
      <div class="viewport" @scroll=${this.#rows.onScroll} tabindex="0" role="listbox" aria-label=${t.steps}
        aria-activedescendant=${shown.some(({ step }) => step.step_number === selected) ? `step-${selected}` : nothing}
        @click=${this.#onClick} @keydown=${this.#onKey}>
        ${matching.length === 0 && isFiltered ? html`<p class="empty muted" role="presentation">${t.stepList.none}</p>` : nothing}
        <ol role="presentation">${repeat(shown, ({ step }) => step.step_number, ({ step, place }) => this.#row(step, place, matching.length))}</ol>
      </div>
      <p class="hidden-text" role="status">${isFiltered ? t.stepList.matches(format.number(matching.length)) : nothing}</p>
    `;
  }

  #row(step: Step, place: number, count: number) {
    const { context: { t, format }, playback, model } = this.view;
    const failed = hasFailed(step);
    const number = step.step_number;
    const labels = (model.report?.labels ?? []).filter((label) => label.step_number === number).map(({ label }) => label);
    return html`
      <li id="step-${number}" class=${failed ? 'failed' : ''} data-place=${place} data-step=${number} role="option"
        aria-selected=${number === playback.step?.step_number ? 'true' : 'false'} aria-setsize=${count} aria-posinset=${place + 1}>
        <span class="place number">${number}</span>
        ${icon(actionIcon(step))}
        <span class="ellipsis" dir="auto">${truncate(describeStep(step, t.task), MAX_SENTENCE)}</span>
        <span class="end number">
          ${labels.length > 0 ? html`<span class="labels" title=${labels.join(', ')}>${labels.slice(0, 3).map((label) =>
            html`<span class="label ${label === 'good' || label === 'bad' ? label : ''}"></span>`)}</span>` : nothing}
          ${failed ? icon('cross', t.common.outcome.failure) : nothing}
          ${step.duration_ms === null ? nothing : format.duration(step.duration_ms)}
        </span>
      </li>`;
  }

  #matching(): readonly Step[] {
    const { steps } = this.view.playback;
    const { text, failuresOnly } = this;
    if (this.#filtered?.steps !== steps || this.#filtered.text !== text || this.#filtered.failuresOnly !== failuresOnly) {
      this.#filtered = { steps, text, failuresOnly, matching: filterSteps(steps, text, failuresOnly, this.view.context.t.task) };
    }
    return this.#filtered.matching;
  }

  readonly #onInput = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      this.text = value.trim();
    }, TYPING_MS);
  };

  readonly #onClick = (event: Event) => {
    const row = (event.target as Element).closest('li');
    if (row) {
      this.view.playback.seekNumber(Number(row.dataset['step']));
    }
  };

  readonly #onKey = (event: KeyboardEvent) => {
    const { playback } = this.view;
    const matching = this.#matching();
    const place = this.#rows.targetOf(event, indexOfStep(matching, playback.step?.step_number ?? 0));
    if (place !== null) {
      event.preventDefault();
      const target = matching[place];
      if (target !== undefined) {
        playback.seek(indexOfStep(playback.steps, target.step_number), { isScrubbing: event.repeat });
      }
    }
  };
}

customElements.define('st-step-list', StepList);
