import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AppContext } from '../app-context.ts';
import type { ListedTask } from '../api/types.ts';
import { icon } from '../components/icons.ts';
import '../components/outcome.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { durationOf, instructionOf, noteOf } from './task-facts.ts';
import { thumbnail, thumbnailStyles } from './thumbnail.ts';

const NARROW = '(width < 700px)';
const MAX_INSTRUCTION = 300;
const MAX_NOTE = 200;
const MAX_LABEL = 80;
const SHOWN_TAGS = 2;
/** Images that are visible without scrolling on common screens load at once. */
const EAGER_ROWS = 12;

export interface Toggle {
  readonly task: ListedTask;
  readonly isSelected: boolean;
  /** Whether all tasks from the one before change, too. */
  readonly isRange: boolean;
}

/**
 * Tasks as the rows of a table, as a grid of screens, or on narrow windows as cards. Fires `toggle` when the user selects a task, and
 * `thumbnail-error` if an image cannot be loaded, for example because its URL expired.
 */
@customElement('st-task-table')
export class TaskTable extends LitElement {
  static override styles = [controls, thumbnailStyles, css`
    :host {
      display: block;
      min-width: 0;
    }

    table {
      width: 100%;
      border-collapse: separate;
      border-spacing: 0;
      table-layout: fixed;
    }

    th {
      position: sticky;
      z-index: 3;
      top: var(--top, 0);
      height: 30px;
      padding: 0 8px;
      border-bottom: 1px solid var(--st-border);
      background: var(--st-surface);
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
      font-weight: 500;
      text-align: left;
      white-space: nowrap;
    }

    tr {
      position: relative;
    }

    td {
      height: 57px;
      padding: 0 8px;
      border-bottom: 1px solid var(--st-border);
      overflow: hidden;
    }

    tbody tr:hover {
      background: var(--st-surface-2);
    }

    tbody tr.selected {
      background: var(--st-accent-quiet);
    }

    .end {
      text-align: right;
    }

    td div {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    .second {
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
    }

    .error,
    .failed {
      color: var(--st-failure);
    }

    .error .icon {
      width: 12px;
      height: 12px;
      vertical-align: -1.5px;
    }

    /* The whole row opens the task, except for its controls. */
    .instruction a {
      color: inherit;
      font-weight: 500;
    }

    .instruction a:hover {
      text-decoration: none;
    }

    .instruction a::after,
    .card a::after {
      content: '';
      position: absolute;
      z-index: 1;
      inset: 0;
    }

    .instruction a:focus-visible,
    .card a:focus-visible {
      outline: none;
    }

    .instruction a:focus-visible::after,
    .card a:focus-visible::after {
      outline: 2px solid var(--st-accent);
      outline-offset: -2px;
      border-radius: var(--st-radius);
    }

    .check {
      position: relative;
      z-index: 2;
      display: grid;
      place-items: center;
      width: 32px;
      height: 32px;
      cursor: pointer;
    }

    td.select {
      padding: 0 0 0 4px;
    }

    td.screen {
      padding: 0 2px;
    }

    tr .thumbnail {
      width: 30px;
      height: 52px;
    }

    .tag {
      display: inline-block;
      max-width: 100%;
      padding: 0 7px;
      overflow: hidden;
      border: 1px solid var(--st-border);
      border-radius: var(--st-radius-chip);
      font-size: var(--st-size-caption);
      line-height: 17px;
      text-overflow: ellipsis;
      vertical-align: middle;
    }

    .keep {
      color: var(--st-text-muted);
      vertical-align: -3px;
    }

    col.c-select { width: 40px; }
    col.c-screen { width: 36px; }
    col.c-outcome { width: 134px; }
    col.c-steps { width: 76px; }
    col.c-duration { width: 92px; }
    col.c-cost { width: 108px; }
    col.c-model { width: 150px; }
    col.c-device { width: 120px; }
    col.c-tags { width: 130px; }
    col.c-started { width: 84px; }

    .device { display: none; }

    @media (width >= 1500px) {
      col.c-model { width: 190px; }
      .device { display: revert; }
    }

    @media (width >= 1900px) {
      col.c-device { width: 170px; }
      col.c-tags { width: 200px; }
    }

    @media (width < 1200px) {
      .tags { display: none; }
    }

    @media (width < 1020px) {
      .cost { display: none; }
    }

    @media (width < 900px) {
      .model { display: none; }
    }

    .grid {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
      gap: 16px 12px;
      padding: var(--st-space-4);
    }

    .card {
      position: relative;
      display: grid;
      min-width: 0;
    }

    .card a {
      color: inherit;
      font-weight: 500;
    }

    .card .title {
      display: -webkit-box;
      overflow: hidden;
      overflow-wrap: anywhere;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }

    .grid .card {
      align-content: start;
      gap: 5px;
    }

    .grid .thumbnail {
      aspect-ratio: 9 / 16;
      width: 100%;
      border: 1px solid var(--st-border);
      border-radius: var(--st-radius-panel);
    }

    .grid .selected .thumbnail,
    .grid .card:hover .thumbnail {
      border-color: var(--st-accent);
    }

    .grid .selected .thumbnail {
      outline: 2px solid var(--st-accent);
    }

    .grid .check {
      position: absolute;
      top: 4px;
      left: 4px;
      border-radius: var(--st-radius);
      background: color-mix(in srgb, var(--st-surface) 80%, transparent);
    }

    @media (hover: hover) {
      .grid .card:not(.selected, :hover, :focus-within) .check {
        opacity: 0;
      }
    }

    .list .card {
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: 0 10px;
      padding: 10px 4px 10px 12px;
      border-bottom: 1px solid var(--st-border);
    }

    .list .card.selected {
      background: var(--st-accent-quiet);
    }

    .list .thumbnail {
      width: 44px;
      height: 78px;
    }

    .list .facts {
      display: grid;
      align-content: center;
      gap: 3px;
      min-width: 0;
    }

    .row {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px 8px;
      min-width: 0;
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property({ attribute: false }) tasks: readonly ListedTask[] = [];
  @property({ attribute: false }) selected: ReadonlySet<string> = new Set();
  @property({ type: Boolean, attribute: 'is-grid' }) isGrid = false;
  @property() label = '';
  @state() private isNarrow = false;
  readonly #narrow = matchMedia(NARROW);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#narrow.addEventListener('change', this.#onWidth);
    this.#onWidth();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#narrow.removeEventListener('change', this.#onWidth);
  }

  /** Returns the links to the tasks, in the order of the rows. */
  links(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('a')];
  }

  override render() {
    return this.isGrid || this.isNarrow
      ? html`<ul class=${this.isGrid ? 'grid' : 'list'} aria-label=${this.label}>
        ${repeat(this.tasks, ({ task_id: id }) => id, (task, index) => (this.isGrid ? this.#screen(task, index) : this.#card(task, index)))}</ul>`
      : this.#table();
  }

  #table() {
    const t = this.context.t.tasks.columns;
    const names = ['outcome', 'steps', 'duration', 'cost', 'model', 'device', 'tags', 'started'] as const;
    const numbers = new Set<string>(['steps', 'duration', 'cost', 'started']);
    return html`
      <table aria-label=${this.label}>
        <colgroup><col class="c-select"><col class="c-screen"><col class="c-instruction">
          ${names.map((name) => html`<col class="c-${name} ${name}">`)}</colgroup>
        <thead><tr>
          <th><span class="hidden-text">${t.select}</span></th><th><span class="hidden-text">${t.screenshot}</span></th><th>${t.instruction}</th>
          ${names.map((name) => html`<th class="${name} ${numbers.has(name) ? 'end' : ''}">${t[name]}</th>`)}
        </tr></thead>
        <tbody>${repeat(this.tasks, ({ task_id: id }) => id, (task, index) => this.#row(task, index))}</tbody>
      </table>`;
  }

  #row(task: ListedTask, index: number) {
    const { t, format } = this.context;
    const tokens = format.tokens(task.usage);
    return html`
      <tr class=${this.selected.has(task.task_id) ? 'selected' : ''} data-task=${task.task_id}>
        <td class="select">${this.#checkbox(task)}</td>
        <td class="screen">${this.#thumbnail(task, index)}</td>
        <td class="instruction">
          <div>${task.keep ? html`<span class="keep" title=${t.task.bar.kept}>${icon('keep', t.task.bar.kept)}</span> ` : nothing}${this.#link(task)}</div>
          ${this.#note(task)}
        </td>
        <td class="outcome"><st-outcome .t=${t} .task=${task}></st-outcome></td>
        <td class="steps end number"><div>${format.number(task.total_steps)}</div>${this.#failed(task)}</td>
        <td class="duration end number"><div>${this.#duration(task)}</div></td>
        <td class="cost end number">
          <div>${format.cost(task.cost) ?? nothing}</div>
          ${tokens === null ? nothing : html`<div class="second">${t.common.tokens(tokens)}</div>`}
        </td>
        <td class="model"><div title=${task.model ?? nothing}><bdi>${task.model}</bdi></div><div class="second"><bdi>${task.agent}</bdi></div></td>
        <td class="device"><div title=${task.device_id ?? nothing}><bdi>${task.device_id}</bdi></div></td>
        <td class="tags" title=${task.tags.join(', ') || nothing}>${this.#tags(task)}</td>
        <td class="started end number"><div title=${format.time(task.started_at)}>${format.age(task.started_at)}</div></td>
      </tr>`;
  }

  #card(task: ListedTask, index: number) {
    const { format } = this.context;
    const facts = [this.context.t.common.steps(task.total_steps, format.number(task.total_steps)), this.#duration(task), format.cost(task.cost)]
      .filter((fact) => fact !== null && fact !== '');
    return html`
      <li class="card ${this.selected.has(task.task_id) ? 'selected' : ''}" data-task=${task.task_id}>
        ${this.#thumbnail(task, index)}
        <div class="facts">
          <div class="title">${this.#link(task)}</div>
          ${this.#note(task)}
          <div class="row"><st-outcome .t=${this.context.t} .task=${task}></st-outcome>
            <span class="number">${facts.join(' · ')}</span><span class="number">${format.age(task.started_at)}</span></div>
        </div>
        ${this.#checkbox(task)}
      </li>`;
  }

  #screen(task: ListedTask, index: number) {
    const { t, format } = this.context;
    return html`
      <li class="card ${this.selected.has(task.task_id) ? 'selected' : ''}" data-task=${task.task_id}>
        ${this.#thumbnail(task, index)}
        <div class="title">${this.#link(task)}</div>
        <div class="row"><st-outcome .t=${t} .task=${task}></st-outcome><span class="number">${format.age(task.started_at)}</span></div>
        ${this.#checkbox(task)}
      </li>`;
  }

  #link(task: ListedTask): TemplateResult {
    const instruction = instructionOf(task);
    return html`<a class="link" href="/tasks/${task.task_id}" dir="auto" title=${truncate(instruction, MAX_INSTRUCTION) || nothing}>${
      truncate(instruction, MAX_INSTRUCTION) || this.context.t.tasks.untitled}</a>`;
  }

  #note(task: ListedTask) {
    const note = noteOf(task);
    if (note === null) {
      return nothing;
    }
    return note.kind === 'message'
      ? html`<div class="second ellipsis" dir="auto">${truncate(note.text, MAX_NOTE)}</div>`
      : html`<div class="second error ellipsis" dir="auto">${icon('cross')} ${truncate(note.text ?? '', MAX_NOTE) || this.context.t.tasks.stepFailed(note.step)}</div>`;
  }

  #failed({ failed_steps: failed }: ListedTask) {
    return failed > 0
      ? html`<div class="second failed">${this.context.t.tasks.failedSteps(failed, this.context.format.number(failed))}</div>` : nothing;
  }

  #duration(task: ListedTask): string {
    const duration = durationOf(task);
    return duration === null ? '' : this.context.format.duration(duration);
  }

  #tags({ tags }: ListedTask) {
    const more = tags.length - SHOWN_TAGS;
    return html`${tags.slice(0, SHOWN_TAGS).map((tag) => html`<bdi class="tag">${tag}</bdi> `)}${
      more > 0 ? html`<span class="muted small">+${more}</span>` : nothing}`;
  }

  #thumbnail(task: ListedTask, index: number) {
    return thumbnail(task, this.context.t, index >= EAGER_ROWS, this.#onThumbnailError);
  }

  #checkbox(task: ListedTask) {
    const instruction = truncate(instructionOf(task), MAX_LABEL) || this.context.t.tasks.untitled;
    return html`<label class="check"><input type="checkbox" .checked=${this.selected.has(task.task_id)}
      aria-label=${this.context.t.tasks.select(instruction)} @click=${(event: MouseEvent) => { this.#onCheck(event, task); }}></label>`;
  }

  #onCheck(event: MouseEvent, task: ListedTask): void {
    const { checked } = event.target as HTMLInputElement;
    this.dispatchEvent(new CustomEvent<Toggle>('toggle', { detail: { task, isSelected: checked, isRange: event.shiftKey } }));
  }

  readonly #onThumbnailError = () => {
    this.dispatchEvent(new Event('thumbnail-error'));
  };

  readonly #onWidth = () => {
    this.isNarrow = this.#narrow.matches;
  };
}
