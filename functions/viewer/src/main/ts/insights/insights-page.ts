import { LitElement, css, html, nothing, svg } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Insight } from '../api/types.ts';
import type { AppContext } from '../app-context.ts';
import '../components/empty-state.ts';
import { icon, type IconName } from '../components/icons.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { Figures } from './figures.ts';
import {
  type InsightFilter, type InsightGroup, type Kind, KINDS, addressOf, isKind, normalizeInstruction, parseStepId, readFilter,
} from './insight-groups.ts';
import { InsightList } from './insight-list.ts';

const SHOWN_LINKS = 5;
const MAX_NAME = 80;
const MAX_ACTION = 200;
const MAX_ERROR = 300;
const PRELOAD_MARGIN = '600px';

const ICONS: Readonly<Record<Kind, IconName>> = {
  regression: 'warning',
  false_success: 'cross',
  flaky: 'half',
  similar_failures: 'cross',
  failures_on_screen: 'device',
  path_deviation: 'swipe',
  slow_step: 'wait',
  shorter_path: 'check',
  frequent_sequence: 'copy',
  expectation: 'info',
};
const FAILURES: readonly string[] = ['regression', 'false_success', 'similar_failures', 'failures_on_screen'];

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** What the user's tasks have in common, by instruction. The address contains the filter: `/insights?kind=flaky&instruction=…`. */
@customElement('st-insights-page')
export class InsightsPage extends LitElement {
  static override styles = [controls, css`
    :host {
      display: block;
      box-sizing: border-box;
      width: 100%;
      max-width: 1072px;
      margin: 0 auto;
      padding: 16px var(--st-space-5) 48px;
    }

    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 2px 12px;
    }

    form {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      padding: 12px 0;
      border-bottom: 1px solid var(--st-border);
    }

    .search {
      position: relative;
      flex: 1 1 260px;
    }

    .search .icon {
      position: absolute;
      top: 50%;
      left: 8px;
      color: var(--st-text-muted);
      transform: translateY(-50%);
      pointer-events: none;
    }

    .search input {
      width: 100%;
      padding-left: 28px;
    }

    .kinds {
      display: flex;
      flex: 1 0 100%;
      flex-wrap: wrap;
      gap: 6px;
    }

    .kinds button {
      height: 26px;
      border-radius: var(--st-radius-chip);
      font-size: var(--st-size-small);
      font-weight: 400;
    }

    section {
      padding: 18px 0;
      border-bottom: 1px solid var(--st-border);
    }

    section > h2 {
      overflow-wrap: anywhere;
    }

    .expectation {
      display: grid;
      grid-template-columns: 160px minmax(0, 1fr);
      align-items: center;
      gap: 4px 14px;
      margin-top: 6px;
    }

    .interval {
      width: 160px;
      height: 8px;
      border-radius: 4px;
      background: var(--st-surface-2);
    }

    .likely {
      fill: color-mix(in srgb, var(--st-accent) 35%, transparent);
    }

    .rate {
      fill: var(--st-accent);
    }

    .expectation > :not(svg, p:first-of-type) {
      grid-column: 2;
    }

    .insights > li {
      display: grid;
      grid-template-columns: 160px minmax(0, 1fr);
      gap: 2px 14px;
      margin-top: 12px;
    }

    h3 {
      display: flex;
      align-items: flex-start;
      gap: 6px;
      color: var(--st-warning);
      font-weight: 500;
    }

    h3 .icon {
      flex: none;
      margin-top: 2px;
    }

    .bad h3 {
      color: var(--st-failure);
    }

    .good h3 {
      color: var(--st-success);
    }

    .body {
      display: grid;
      gap: 4px;
      min-width: 0;
      overflow-wrap: anywhere;
    }

    q {
      padding-left: 10px;
      border-left: 3px solid var(--st-failure);
      quotes: none;
    }

    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
    }

    .actions li {
      padding: 0 8px;
      border: 1px solid var(--st-border);
      border-radius: var(--st-radius);
      background: var(--st-surface);
      font-size: var(--st-size-small);
      line-height: 22px;
    }

    .compared {
      display: grid;
      grid-template-columns: minmax(60px, max-content) 140px minmax(0, 1fr);
      align-items: center;
      gap: 2px 10px;
    }

    .compared li {
      display: contents;
    }

    .bar {
      width: 140px;
      height: 8px;
      border-radius: 4px;
      background: var(--st-surface-2);
      fill: var(--st-border-control);
    }

    .evidence {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 12px;
      font-size: var(--st-size-small);
    }

    summary {
      width: fit-content;
      color: var(--st-text-muted);
      cursor: pointer;
    }

    details > * + * {
      margin-top: 4px;
    }

    .end {
      padding: 16px 0;
      text-align: center;
    }

    @media (width < 700px) {
      .expectation,
      .insights > li {
        grid-template-columns: minmax(0, 1fr);
      }

      .expectation > :not(svg, p:first-of-type) {
        grid-column: 1;
      }

      .kinds button {
        height: 32px;
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @query('.more') private readonly moreButton!: HTMLElement | null;
  @query('input') private readonly input!: HTMLInputElement;
  #list!: InsightList;
  #filter: InsightFilter = { kind: null, instruction: '' };
  readonly #end = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting) && !this.#list.hasFailed) {
      this.#more();
    }
  }, { rootMargin: PRELOAD_MARGIN });

  override connectedCallback(): void {
    super.connectedCallback();
    const { api, shell, t } = this.context;
    shell.setTitle(t.insights.title);
    this.#list = new InsightList(api);
    this.#list.addEventListener('change', () => { this.requestUpdate(); });
    addEventListener('popstate', this.#readAddress);
    this.#readAddress();
    history.replaceState(null, '', addressOf(this.#filter));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('popstate', this.#readAddress);
    this.#end.disconnect();
  }

  override render() {
    const { t: { insights: t, common }, format } = this.context;
    const { groups, page, isLoading, hasFailed } = this.#list;
    const { kind, instruction } = this.#filter;
    const hasSeveralOwners = new Set(groups.map(({ owner }) => owner)).size > 1;
    return html`
      <div class="head"><h1>${t.title}</h1><p class="muted">${t.about} ${this.#updateText()}</p></div>
      <form role="search" @submit=${(event: Event) => { event.preventDefault(); }}>
        <label class="search"><span class="hidden-text">${t.instruction}</span>${icon('search')}
          <input type="search" list="known" maxlength="1024" placeholder=${t.instruction} .value=${instruction} @change=${this.#onInstruction}></label>
        <datalist id="known">${[...new Set(groups.map((group) => group.instruction).filter(Boolean))].map((text) =>
          html`<option value=${text}></option>`)}</datalist>
        ${kind !== null || instruction !== '' ? html`<button type="button" @click=${this.#clear}>${t.clear}</button>` : nothing}
        <span class="kinds" role="group" aria-label=${t.kind}>
          ${this.#kindButton(null, t.allKinds)}${KINDS.map((each) => this.#kindButton(each, t.kinds[each]))}
        </span>
      </form>
      ${groups.length === 0 && page !== null ? this.#empty() : nothing}
      ${repeat(groups, ({ key }) => key, (group) => this.#group(group, hasSeveralOwners))}
      <p class="end muted small" role="status">${isLoading ? common.loading
        : groups.length > 0 && page?.next_cursor === null ? t.allShown(groups.length, format.number(groups.length)) : nothing}</p>
      ${page?.next_cursor && !isLoading
        ? html`<p class="end"><button class="more" @click=${() => { this.#more(); }}>${hasFailed ? common.retry : t.showMore}</button></p>` : nothing}
    `;
  }

  override updated(): void {
    this.#end.disconnect();
    if (this.moreButton) {
      this.#end.observe(this.moreButton);
    }
  }

  /** When maintenance updated the insights, and when it will do so next. */
  #updateText(): string {
    const { t: { insights: t }, format } = this.context;
    const { updated_at: updatedAt, next_update_at: nextAt } = this.#list.page ?? { updated_at: null, next_update_at: null };
    return [
      updatedAt === null ? null : t.updated(format.age(updatedAt)),
      nextAt === null ? null : (Date.parse(nextAt) > Date.now() ? t.nextUpdate : t.updateIsLate)(format.minute(nextAt)),
    ].filter((text) => text !== null).join(' ');
  }

  #empty() {
    const { t: { insights: { empty: t, clear } } } = this.context;
    const { page } = this.#list;
    const isFiltered = this.#filter.kind !== null || this.#filter.instruction !== '';
    const [headline, text] = isFiltered && page?.enough_tasks ? [t.noMatch, t.noMatchAdvice]
      : page?.updated_at === null ? [t.never, t.neverAdvice]
        : page?.enough_tasks ? [t.none, t.noneAdvice] : [t.notEnough, t.notEnoughAdvice];
    return html`<st-empty-state headline=${headline} text="${text} ${this.#updateText()}">
      ${isFiltered ? html`<button @click=${this.#clear}>${clear}</button>` : nothing}</st-empty-state>`;
  }

  #kindButton(kind: Kind | null, name: string) {
    return html`<button type="button" aria-pressed=${kind === this.#filter.kind ? 'true' : 'false'}
      @click=${() => { this.#setFilter({ ...this.#filter, kind }); }}>${name}</button>`;
  }

  #group({ instruction, owner, expectation, insights }: InsightGroup, hasSeveralOwners: boolean) {
    const { t: { insights: t } } = this.context;
    return html`
      <section class="group">
        <h2 dir="auto">${instruction || t.allTasks}</h2>
        ${hasSeveralOwners ? html`<p class="muted small">${t.owner}: <bdi>${owner}</bdi></p>` : nothing}
        ${expectation ? this.#expectation(expectation) : nothing}
        ${insights.length > 0 ? html`<ul class="insights">${insights.map((insight) => this.#insight(insight))}</ul>`
          : this.#filter.kind === null ? html`<p class="muted small">${t.nothingFound}</p>` : nothing}
      </section>`;
  }

  /** How many tasks succeed, how long they take, and by which path. */
  #expectation(insight: Insight) {
    const { t: { insights: t }, format } = this.context;
    const figures = new Figures(insight.figures, format);
    const [low, rate, high] = ['success_rate_low', 'success_rate', 'success_rate_high'].map((name) => 100 * figures.value(name)) as [number, number, number];
    const path = figures.texts('usual_path');
    return html`
      <div class="expectation">
        <svg class="interval" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${svg`
          <rect class="likely" x=${low} width=${high - low} height="8"></rect>
          <rect class="rate" x=${Math.min(98.5, rate)} width="1.5" height="8"></rect>`}</svg>
        <p>${t.sentences.expectation(figures)} ${figures.has('duration_p50_ms') ? t.sentences.duration(figures) : nothing}</p>
        ${path.length === 0 ? nothing : html`
          <details>
            <summary>${t.usualPath(format.number(path.length))}</summary>
            <p class="muted small">${t.usualPathHint(figures.percent('usual_path_similarity'))}</p>
            ${actionsTemplate(path)}
          </details>`}
        ${this.#evidence(insight)}
      </div>`;
  }

  #insight(insight: Insight) {
    const { t: { insights: t }, format } = this.context;
    const { kind } = insight;
    const figures = new Figures(insight.figures, format);
    const error = figures.text('error');
    const actions = figures.texts('actions');
    return html`
      <li class=${FAILURES.includes(kind) ? 'bad' : kind === 'shorter_path' ? 'good' : ''}>
        <h3>${icon(isKind(kind) ? ICONS[kind] : 'info')}${isKind(kind) ? t.kinds[kind] : kind}</h3>
        <div class="body">
          ${isKind(kind) ? html`<p>${t.sentences[kind](figures)}</p>` : nothing}
          ${error ? html`<q dir="auto">${truncate(error, MAX_ERROR)}</q>` : nothing}
          ${actions.length > 0 ? actionsTemplate(actions) : nothing}
          ${this.#bars(kind, figures)}
          ${this.#evidence(insight)}
        </div>
      </li>`;
  }

  /** The two values that an insight compares. */
  #bars(kind: string, figures: Figures) {
    const { t: { insights: t, common }, format } = this.context;
    const bars: Bar[] = [];
    const isRate = figures.text('what') === 'success';
    if (kind === 'regression') {
      for (const [name, value, tasks] of [['from', 'before', 'tasks_before'], ['to', 'after', 'tasks_after']] as const) {
        const count = t.taskCount(figures.value(tasks), figures.number(tasks));
        bars.push({ name: figures.text(name), value: figures.value(value), text: `${isRate ? figures.percent(value) : figures.duration(value)} (${count})` });
      }
    } else if (kind === 'shorter_path') {
      for (const [name, steps] of [[t.usual, 'usual_steps'], [t.shorter, 'steps']] as const) {
        bars.push({ name, value: figures.value(steps), text: common.steps(figures.value(steps), format.number(figures.value(steps))) });
      }
    }
    const max = kind === 'regression' && isRate ? 1 : Math.max(...bars.map(({ value }) => value));
    return bars.length === 0 ? nothing : html`
      <ul class="compared">${bars.map(({ name, value, text }) => html`
        <li><span dir="auto">${truncate(name, MAX_NAME)}</span>
          <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${svg`
            <rect width=${max > 0 ? (100 * value) / max : 0} height="8"></rect>`}</svg>
          <span class="number">${text}</span></li>`)}</ul>`;
  }

  /** Links to the tasks and steps on which an insight is based. A task is named by its start, or by its id. */
  #evidence({ tasks, tasks_started_at: starts, steps }: Insight) {
    const { t: { insights: t }, format } = this.context;
    const startOf = new Map(tasks.map((id, index) => [id, starts[index]]));
    const nameOf = (id: string) => {
      const start = startOf.get(id);
      return start === undefined ? id : format.minute(start);
    };
    return html`
      ${this.#links(t.tasks, tasks.map((id) => ({ address: `/tasks/${id}`, name: nameOf(id) })))}
      ${this.#links(t.steps, steps.map(parseStepId).map(({ taskId, stepNumber }) =>
        ({ address: `/tasks/${taskId}#step=${stepNumber}`, name: t.step(stepNumber, nameOf(taskId)) })))}`;
  }

  #links(label: string, links: readonly { address: string; name: string }[]) {
    const { t: { insights: t }, format } = this.context;
    return links.length === 0 ? nothing : html`
      <p class="evidence"><span class="muted">${label}</span>
        ${links.slice(0, SHOWN_LINKS).map(({ address, name }) => html`<a href=${address}>${name}</a>`)}
        ${links.length > SHOWN_LINKS ? html`<span class="muted">${t.andMore(format.number(links.length - SHOWN_LINKS))}</span>` : nothing}</p>`;
  }

  #setFilter(filter: InsightFilter): void {
    history.pushState(null, '', addressOf(filter));
    this.#readAddress();
  }

  #more(): void {
    this.#list.loadMore().catch((error: unknown) => { this.context.shell.showError(error); });
  }

  readonly #readAddress = () => {
    this.#filter = readFilter(location.search);
    this.#list.load(this.#filter).catch((error: unknown) => { this.context.shell.showError(error); });
  };

  readonly #onInstruction = () => {
    this.#setFilter({ ...this.#filter, instruction: normalizeInstruction(this.input.value) });
  };

  /** The button disappears, so the focus moves. */
  readonly #clear = () => {
    this.#setFilter({ kind: null, instruction: '' });
    this.input.focus();
  };
}

function actionsTemplate(actions: readonly string[]) {
  return html`<ol class="actions">${actions.map((action) => html`<li dir="auto">${truncate(action, MAX_ACTION)}</li>`)}</ol>`;
}
