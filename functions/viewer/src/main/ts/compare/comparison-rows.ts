import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Step } from '../api/types.ts';
import type { AppContext } from '../app-context.ts';
import { icon } from '../components/icons.ts';
import { Listen } from '../components/listen.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { actionIcon, describeStep } from '../task/action-text.ts';
import { RowWindow, rowStyles } from '../task/row-window.ts';
import { hasFailed } from '../task/steps.ts';
import type { AlignedSteps } from './alignment.ts';
import type { Comparison } from './comparison.ts';
import { SIDES, sideLabel, sideStyles } from './side.ts';

const MAX_SENTENCE = 200;

/** The aligned steps of two tasks as sentences, with a mark for each difference. Only rows near the visible part exist. */
export class ComparisonRows extends LitElement {
  static override styles = [controls, rowStyles, sideStyles, css`
    :host {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr);
      min-width: 0;
      min-height: 0;
      background: var(--st-surface);
    }

    .heads,
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 26px minmax(0, 1fr);
    }

    /* The columns are as wide as those of the rows, with or without a scroll bar. */
    .heads,
    .viewport {
      scrollbar-gutter: stable;
    }

    .heads {
      overflow: hidden;
      padding: 5px 0 5px 3px;
      border-bottom: 1px solid var(--st-border);
    }

    .heads .side {
      margin-left: 9px;
    }

    .heads :last-child {
      grid-column: 3;
    }

    .step {
      display: grid;
      grid-template-columns: minmax(34px, max-content) 16px minmax(0, 1fr) auto;
      align-items: center;
      gap: 7px;
      padding: 0 8px 0 4px;
    }

    .step.failed {
      background: var(--st-failure-quiet);
    }

    .step.none {
      background: repeating-linear-gradient(135deg, var(--st-border) 0 1px, transparent 1px 7px);
    }

    .failed > .icon:last-child {
      color: var(--st-failure);
    }

    .mark {
      align-self: center;
      justify-self: center;
      width: 20px;
      border-radius: 3px;
      background: var(--st-warning-quiet);
      color: var(--st-warning);
      font-size: var(--st-size-small);
      font-weight: 600;
      line-height: 20px;
      text-align: center;
    }

    .equal .mark {
      background: none;
      color: var(--st-text-muted);
      font-weight: 400;
    }

    @media (width < 700px) {
      .step {
        grid-template-columns: minmax(22px, max-content) minmax(0, 1fr) auto;
        gap: 4px;
        padding-right: 2px;
      }

      .step > .icon:nth-child(2) {
        display: none;
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property({ attribute: false }) comparison!: Comparison;
  readonly #rows: RowWindow = new RowWindow(this, () => ({ count: this.comparison.rows.length, selected: this.comparison.index }));

  constructor() {
    super();
    new Listen(this, () => this.comparison);
  }

  override render() {
    const { comparison: { rows, index }, context: { t: { compare: t } } } = this;
    const { first, end } = this.#rows.render();
    const shown = rows.slice(first, end).map((row, offset) => ({ row, place: first + offset }));
    return html`
      <div class="heads" aria-hidden="true">${SIDES.map((side) => sideLabel(side, this.context.t))}</div>
      <div class="viewport" tabindex="0" role="listbox" aria-label=${t.rows} @scroll=${this.#rows.onScroll}
        aria-activedescendant=${index >= first && index < end ? `row-${index}` : nothing} @click=${this.#onClick} @keydown=${this.#onKey}>
        ${rows.length === 0 ? html`<p class="empty muted" role="presentation">${t.noSteps}</p>` : nothing}
        <ol role="presentation">${repeat(shown, ({ place }) => place, ({ row, place }) => this.#row(row, place))}</ol>
      </div>
    `;
  }

  #row(row: AlignedSteps, place: number) {
    const { comparison: { states, rows, index }, context: { t: { compare: t } } } = this;
    const state = states[place] ?? 'equal';
    const onlySide = t.sides[row[0] === null ? 1 : 0] ?? '';
    const [mark, hint] = state === 'missing' ? [onlySide, t.states.missing(onlySide)] : [state === 'equal' ? '=' : '≠', t.states[state]];
    return html`
      <li id="row-${place}" class=${state} data-place=${place} role="option" aria-selected=${place === index ? 'true' : 'false'}
        aria-setsize=${rows.length} aria-posinset=${place + 1}>
        ${this.#step(row[0])}
        <span class="mark" title=${hint}><span aria-hidden="true">${mark}</span><span class="hidden-text">${hint}</span></span>
        ${this.#step(row[1])}
      </li>`;
  }

  #step(step: Step | null) {
    const { t } = this.context;
    if (step === null) {
      return html`<span class="step none"><span class="hidden-text">${t.compare.noStep}</span></span>`;
    }
    const failed = hasFailed(step);
    return html`
      <span class="step ${failed ? 'failed' : ''}">
        <span class="place number">${step.step_number}</span>
        ${icon(actionIcon(step))}
        <span class="ellipsis" dir="auto">${truncate(describeStep(step, t.task), MAX_SENTENCE)}</span>
        ${failed ? icon('cross', t.common.outcome.failure) : nothing}
      </span>`;
  }

  readonly #onClick = (event: Event) => {
    const row = (event.target as Element).closest('li');
    if (row) {
      this.comparison.select(Number(row.dataset['place']));
    }
  };

  readonly #onKey = (event: KeyboardEvent) => {
    const place = this.#rows.targetOf(event, this.comparison.index);
    if (place !== null) {
      event.preventDefault();
      this.comparison.select(place);
    }
  };
}

customElements.define('st-comparison-rows', ComparisonRows);
