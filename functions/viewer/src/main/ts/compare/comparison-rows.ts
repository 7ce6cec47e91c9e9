import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Step } from '../api/types.ts';
import type { AppContext } from '../app-context.ts';
import { icon } from '../components/icons.ts';
import { Listen } from '../components/listen.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { actionIcon, describeStep } from '../task/action-text.ts';
import { visibleRange } from '../task/fixed-window.ts';
import { hasFailed } from '../task/steps.ts';
import type { AlignedSteps } from './alignment.ts';
import type { Comparison } from './comparison.ts';

const ROW_HEIGHT = 30;
const OVERSCAN = 6;
const MAX_SENTENCE = 200;

/** The aligned steps of two tasks as sentences, with a mark for each difference. Only rows near the visible part exist. */
@customElement('st-comparison-rows')
export class ComparisonRows extends LitElement {
  static override styles = [controls, css`
    :host {
      display: grid;
      min-width: 0;
      min-height: 0;
      background: var(--st-surface);
    }

    .viewport {
      overflow: hidden auto;
      outline-offset: -2px;
    }

    ol {
      position: relative;
    }

    li {
      position: absolute;
      right: 0;
      left: 0;
      display: grid;
      grid-template-columns: minmax(0, 1fr) 26px minmax(0, 1fr);
      height: 30px;
      border-left: 3px solid transparent;
      cursor: pointer;
    }

    li:hover {
      background: var(--st-surface-2);
    }

    li[aria-selected='true'] {
      border-left-color: var(--st-accent);
      background: var(--st-accent-quiet);
    }

    .step {
      display: grid;
      grid-template-columns: 34px 16px minmax(0, 1fr) auto;
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

    .place {
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
      text-align: right;
    }

    .icon {
      color: var(--st-text-muted);
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

    .empty {
      padding: 24px 12px;
      text-align: center;
    }

    @media (width < 700px) {
      .step {
        grid-template-columns: 22px minmax(0, 1fr) auto;
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
  @query('.viewport') private readonly viewport!: HTMLElement | null;
  @query('ol') private readonly list!: HTMLElement;
  #shownIndex = -1;
  readonly #resize = new ResizeObserver(() => { this.requestUpdate(); });

  constructor() {
    super();
    new Listen(this, () => this.comparison);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  override render() {
    const { comparison: { rows, index }, context: { t: { compare: t } }, viewport } = this;
    const { first, end } = visibleRange(viewport?.scrollTop ?? 0, viewport?.clientHeight ?? this.clientHeight, ROW_HEIGHT, rows.length, OVERSCAN);
    const shown = rows.slice(first, end).map((row, offset) => ({ row, place: first + offset }));
    return html`
      <div class="viewport" tabindex="0" role="listbox" aria-label=${t.rows} @scroll=${() => { this.requestUpdate(); }}
        aria-activedescendant=${index >= first && index < end ? `row-${String(index)}` : nothing} @click=${this.#onClick} @keydown=${this.#onKey}>
        ${rows.length === 0 ? html`<p class="empty muted" role="presentation">${t.noSteps}</p>` : nothing}
        <ol role="presentation">${repeat(shown, ({ place }) => place, ({ row, place }) => this.#row(row, place))}</ol>
      </div>
    `;
  }

  /** The policy of the page forbids style attributes in templates, but not changes of the style by a script. */
  override updated(): void {
    const { list, comparison: { rows, index } } = this;
    list.style.height = `${String(rows.length * ROW_HEIGHT)}px`;
    for (const row of list.querySelectorAll('li')) {
      row.style.top = `${String(Number(row.dataset['place']) * ROW_HEIGHT)}px`;
    }
    if (index !== this.#shownIndex) {
      this.#shownIndex = index;
      this.#reveal(index);
    }
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

  #reveal(place: number): void {
    const { viewport } = this;
    const top = place * ROW_HEIGHT;
    if (viewport && (top < viewport.scrollTop || top + ROW_HEIGHT > viewport.scrollTop + viewport.clientHeight)) {
      viewport.scrollTop = top - (viewport.clientHeight - ROW_HEIGHT) / 2;
      this.requestUpdate();
    }
  }

  readonly #onClick = (event: Event) => {
    const row = (event.target as Element).closest('li');
    if (row) {
      this.comparison.select(Number(row.dataset['place']));
    }
  };

  readonly #onKey = (event: KeyboardEvent) => {
    const { comparison } = this;
    const page = Math.max(1, Math.floor((this.viewport?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
    const moves: Record<string, number> = {
      ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page, Home: -comparison.rows.length, End: comparison.rows.length,
    };
    const move = moves[event.key];
    if (move !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      comparison.selectBy(move);
    }
  };
}
