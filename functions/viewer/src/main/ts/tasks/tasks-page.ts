import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { AppContext } from '../app-context.ts';
import type { ListedTask } from '../api/types.ts';
import '../components/command.ts';
import '../components/empty-state.ts';
import '../components/help-dialog.ts';
import type { KeyActions } from '../components/keyboard.ts';
import { Listen } from '../components/listen.ts';
import { listenToKeys } from '../components/page-keys.ts';
import { controls } from '../styles/controls.ts';
import './filter-bar.ts';
import type { FilterBar } from './filter-bar.ts';
import './group-list.ts';
import type { GroupList } from './group-list.ts';
import { addressOf, hasFilters, parseQuery, taskQueryOf, withoutFilters, type ListQuery } from './list-query.ts';
import { rememberListAddress } from './list-address.ts';
import { select } from './selection.ts';
import './selection-bar.ts';
import { TaskList } from './task-list.ts';
import type { Toggle } from './task-cells.ts';
import './task-table.ts';
import type { TaskTable } from './task-table.ts';

/** The next page is loaded when the end of the list is this near to the window. */
const LOAD_AHEAD = '600px';
/** After an image could not be loaded, its URLs are renewed at most this often. */
const RENEW_MS = 60_000;
const AGES_MS = 30_000;
const MAX_NEW = 50;
const KEYS = [['move', 'J K, ↑ ↓'], ['open', 'Enter'], ['select', 'X'], ['search', '/'], ['clear', 'Esc'], ['help', '?']] as const;

/** The page of tasks. Its address contains the filters, the grouping and the view. */
export class TasksPage extends LitElement {
  static override styles = [controls, css`
    :host {
      --top: 44px;

      display: flex;
      flex: 1;
      flex-direction: column;
      min-width: 0;
      background: var(--st-surface);
    }

    h1 {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }

    st-filter-bar {
      position: sticky;
      z-index: 5;
      top: 0;
    }

    .content {
      position: relative;
      flex: 1;
    }

    .content.loading {
      opacity: 0.6;
    }

    .new {
      position: sticky;
      z-index: 4;
      top: calc(var(--top) + 38px);
      display: grid;
      justify-items: center;
      height: 0;
    }

    .new button {
      border-radius: var(--st-radius-chip);
      box-shadow: var(--st-shadow-menu);
    }

    .foot {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: var(--st-space-4);
      min-height: 56px;
      padding: var(--st-space-4);
    }

    .commands {
      display: grid;
      gap: 6px;
      width: 100%;
      max-width: 460px;
      margin-top: 8px;
      text-align: left;
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @state() private listQuery: ListQuery = parseQuery(location.search);
  @state() private selected: ReadonlyMap<string, ListedTask> = new Map();
  @state() private isHelpOpen = false;
  @query('st-filter-bar') private readonly filterBar!: FilterBar;
  @query('st-task-table') private readonly table!: TaskTable | null;
  @query('st-group-list') private readonly groups!: GroupList | null;
  @query('.more') private readonly moreButton!: HTMLElement | null;
  #list!: TaskList;
  #lastToggled: string | null = null;
  #renewedAt = 0;
  #ages: ReturnType<typeof setInterval> | undefined;
  readonly #end = new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) {
      void this.#list.more();
    }
  }, { rootMargin: LOAD_AHEAD });
  readonly #height = new ResizeObserver(() => { this.style.setProperty('--top', `${this.filterBar.offsetHeight}px`); });

  constructor() {
    super();
    new Listen(this, () => window, 'popstate', () => { this.#onAddress(); });
    listenToKeys(this, (event) => this.#keys(event));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.context.shell.setTitle(this.context.t.tasks.list);
    this.#list = new TaskList(this.context.api);
    this.#list.addEventListener('change', this.#onList);
    this.#list.addEventListener('error', this.#onError);
    this.#ages = setInterval(() => { this.requestUpdate(); }, AGES_MS);
    const taskId = location.hash.slice(1);
    history.replaceState(history.state, '', addressOf(this.listQuery));
    rememberListAddress(addressOf(this.listQuery));
    void this.#load().then(() => this.#focusTask(taskId));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#list.close();
    this.#end.disconnect();
    this.#height.disconnect();
    clearInterval(this.#ages);
  }

  override render() {
    const { context, context: { t }, listQuery, selected } = this;
    const ids = new Set(selected.keys());
    return html`
      <h1>${t.tasks.list}</h1>
      <st-filter-bar .context=${context} .query=${listQuery} @query=${this.#onQuery}></st-filter-bar>
      ${listQuery.group === null
        ? this.#listTemplate(ids)
        : html`<div class="content"><st-group-list .context=${context} .query=${listQuery} .selected=${ids} @toggle=${this.#onToggle}></st-group-list></div>`}
      ${selected.size === 0 ? nothing : html`
        <st-selection-bar .context=${context} .tasks=${[...selected.values()]} @clear=${this.#clearSelection} @done=${this.#onDone}></st-selection-bar>`}
      <st-help-dialog .t=${t} .open=${this.isHelpOpen} .keys=${KEYS.map(([name, keys]) => [keys, t.tasks.keys[name]])}
        @close=${() => { this.isHelpOpen = false; }}></st-help-dialog>
    `;
  }

  override firstUpdated(): void {
    this.#height.observe(this.filterBar);
  }

  override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.#end.disconnect();
    if (this.moreButton && !this.#list.isLoading && !this.#list.hasFailed) { // after an error, only the button loads more
      this.#end.observe(this.moreButton);
    }
  }

  #listTemplate(selected: ReadonlySet<string>) {
    const { context, context: { t, format }, listQuery } = this;
    const { rows, isLoaded, isLoading, hasFailed, hasMore, newTasks } = this.#list;
    const texts = t.tasks;
    if (rows.length === 0) {
      return html`<div class="content">${isLoaded && !isLoading && !hasFailed ? this.#emptyTemplate() : nothing}
        <p class="hidden-text" role="status">${isLoading ? t.common.loading : nothing}</p></div>`;
    }
    return html`
      <div class="content">
        <div class="new" role="status">${newTasks > 0 ? html`
          <button class="primary" @click=${this.#showNew}>${texts.newTasks(Math.min(newTasks, MAX_NEW), newTasks >= MAX_NEW)}</button>` : nothing}</div>
        <st-task-table .context=${context} .tasks=${rows} .selected=${selected} .isGrid=${listQuery.isGrid} label=${texts.list}
          @toggle=${this.#onToggle} @thumbnail-error=${this.#renewThumbnails}></st-task-table>
        <div class="foot muted">
          ${hasMore ? html`<button class="more" ?disabled=${isLoading} @click=${() => this.#list.more()}>${texts.more}</button>` : nothing}
          <span class="number" role="status">${isLoading ? t.common.loading : hasMore ? nothing : texts.count(rows.length, format.number(rows.length))}</span>
        </div>
      </div>`;
  }

  #emptyTemplate() {
    const { t } = this.context;
    const texts = t.tasks;
    return hasFilters(this.listQuery)
      ? html`<st-empty-state headline=${texts.noMatch} text=${texts.noMatchText}>
        <button @click=${this.#clearFilters}>${texts.filters.clear}</button></st-empty-state>`
      : html`<st-empty-state headline=${texts.empty} text=${texts.emptyText}>
        <div class="commands">
          <st-command .t=${t} .text=${`steptrail login ${location.origin}`}></st-command>
          <st-command .t=${t} .text=${'my-agent | steptrail record'}></st-command>
          <p class="muted small">${texts.emptyImport}</p>
          <st-command .t=${t} .text=${'steptrail import agent-client/cli/samples'}></st-command>
        </div></st-empty-state>`;
  }

  async #load(): Promise<void> {
    if (this.listQuery.group === null) {
      await this.#list.load(taskQueryOf(this.listQuery));
    } else {
      this.#list.close();
    }
  }

  /** Shows the user the task from which they return to the list. */
  async #focusTask(taskId: string): Promise<void> {
    await this.updateComplete;
    await this.table?.updateComplete;
    const link = this.table?.links().find((each) => taskIdOf(each) === taskId);
    link?.focus({ preventScroll: true });
    link?.scrollIntoView({ block: 'center' });
  }

  /** Shows another query. Typing makes one entry in the history, not one per letter. */
  #show(listQuery: ListQuery, isTyping: boolean): void {
    const old = this.listQuery;
    this.listQuery = listQuery;
    history[isTyping ? 'replaceState' : 'pushState'](null, '', addressOf(listQuery));
    rememberListAddress(addressOf(listQuery));
    if (addressOf({ ...old, isGrid: false }) !== addressOf({ ...listQuery, isGrid: false })) {
      this.#clearSelection();
      void this.#load();
    }
  }

  readonly #onQuery = (event: CustomEvent<{ query: ListQuery; isTyping: boolean }>) => {
    this.#show(event.detail.query, event.detail.isTyping);
  };

  #onAddress(): void {
    this.listQuery = parseQuery(location.search);
    rememberListAddress(addressOf(this.listQuery));
    this.#clearSelection();
    void this.#load();
  }

  readonly #clearFilters = () => {
    this.#show(withoutFilters(this.listQuery), false);
    this.filterBar.focusSearch();
  };

  readonly #showNew = async () => {
    scrollTo({ top: 0 });
    await this.#list.load();
  };

  readonly #onList = () => {
    const { rows } = this.#list;
    if (this.selected.size > 0) {
      const fresh = new Map(rows.map((task) => [task.task_id, task]));
      this.selected = new Map([...this.selected].flatMap(([id]) => {
        const task = fresh.get(id);
        return task ? [[id, task]] : [];
      }));
    }
    this.requestUpdate();
  };

  readonly #onError = (event: Event) => {
    this.context.shell.showError((event as CustomEvent<unknown>).detail);
  };

  readonly #renewThumbnails = () => {
    if (Date.now() - this.#renewedAt > RENEW_MS) {
      this.#renewedAt = Date.now();
      void this.#list.refresh();
    }
  };

  readonly #onToggle = (event: CustomEvent<Toggle>) => {
    const { task, isSelected, isRange } = event.detail;
    this.#select(task, isSelected, isRange);
  };

  #select(task: ListedTask, isSelected: boolean, isRange: boolean): void {
    const tasks = new Map([...this.selected, ...this.#shownTasks().map((each) => [each.task_id, each] as const)]);
    const ids = this.#shownTasks().map(({ task_id: id }) => id);
    const selected = select(new Set(this.selected.keys()), ids, task.task_id, isSelected, isRange ? this.#lastToggled : null);
    this.selected = new Map([...selected].flatMap((id) => {
      const each = tasks.get(id);
      return each ? [[id, each]] : [];
    }));
    this.#lastToggled = task.task_id;
  }

  #shownTasks(): readonly ListedTask[] {
    return this.groups?.rows ?? this.#list.rows;
  }

  readonly #clearSelection = () => {
    this.selected = new Map();
    this.#lastToggled = null;
  };

  readonly #onDone = async () => {
    this.#clearSelection();
    if (this.listQuery.group === null) {
      await this.#list.refresh();
    } else {
      await this.groups?.load();
    }
  };

  #keys(event: KeyboardEvent): KeyActions {
    const links = (this.groups ?? this.table)?.links() ?? [];
    const index = links.indexOf(event.composedPath()[0] as HTMLElement);
    const move = (offset: number) => () => {
      const target = links[index < 0 ? 0 : Math.max(0, Math.min(links.length - 1, index + offset))];
      target?.focus({ preventScroll: true });
      target?.scrollIntoView({ block: 'nearest' });
    };
    return {
      J: move(1),
      K: move(-1),
      ...(index < 0 ? {} : { ArrowDown: move(1), ArrowUp: move(-1) }), // else they scroll
      X: () => { this.#toggleFocused(links[index]); },
      '/': () => { this.filterBar.focusSearch(); },
      '?': () => { this.isHelpOpen = true; },
      ...(this.selected.size > 0 ? { Escape: this.#clearSelection } : {}),
    };
  }

  #toggleFocused(link: HTMLElement | undefined): void {
    const id = taskIdOf(link);
    const task = this.#shownTasks().find(({ task_id: each }) => each === id);
    if (task) {
      this.#select(task, !this.selected.has(task.task_id), false);
    }
  }
}

function taskIdOf(link: HTMLElement | undefined): string | undefined {
  return link?.closest<HTMLElement>('[data-task]')?.dataset['task'];
}

customElements.define('st-tasks-page', TasksPage);
