import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AppContext } from '../app-context.ts';
import { isAbort } from '../api/problem.ts';
import type { ListedTask, Stats, StatsQuery } from '../api/types.ts';
import '../components/empty-state.ts';
import { icon } from '../components/icons.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { addressOf, taskQueryOf, withFilter, type Grouping, type ListQuery } from './list-query.ts';
import { outcomeBars } from './outcome-bars.ts';
import { groupsOf, isInGroup, searchTextOf, type TaskGroup } from './task-groups.ts';
import { TaskList } from './task-list.ts';
import { TaskTable } from './task-table.ts';

const MAX_KEY = 200;
const SHOWN_TASKS = 20;
/** The API cannot select exactly the tasks of a group, so more are read. */
const SEARCHED_TASKS = 100;
const DAY = 24 * 3_600_000;
/** The API reads at most this many days. */
const MAX_DAYS = 365;

/** Tasks grouped by instruction or experiment. A group opens to show its newest tasks, which are updated every 5 seconds. */
export class GroupList extends LitElement {
  static override styles = [controls, css`
    :host {
      display: block;
    }

    .head,
    .group {
      display: grid;
      grid-template-columns: 20px minmax(0, 1fr) 70px 110px 176px 90px 120px 100px;
      align-items: center;
      gap: 12px;
      width: 100%;
      padding: 0 var(--st-space-4) 0 10px;
      border: 0;
      border-bottom: 1px solid var(--st-border);
      border-radius: 0;
      background: none;
      text-align: left;
    }

    .head .icon {
      width: 13px;
      height: 13px;
      vertical-align: -2px;
    }

    .head {
      position: sticky;
      z-index: 3;
      top: var(--top, 0);
      height: 30px;
      background: var(--st-surface);
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
      font-weight: 500;
    }

    .group {
      height: 48px;
      font-weight: 400;
    }

    .group:focus-visible {
      outline-offset: -2px;
    }

    .name {
      font-weight: 500;
    }

    .end {
      text-align: right;
    }

    .bars {
      display: block;
      width: 176px;
      height: 22px;
    }

    .pass { fill: var(--st-success); }
    .fail { fill: var(--st-failure); }
    .unclear { fill: var(--st-warning); }
    .running { fill: var(--st-border-control); }

    .second {
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
    }

    .tasks {
      --top: auto;

      padding-left: 20px;
      border-bottom: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .tasks .all {
      display: inline-block;
      padding: 8px 12px;
    }

    footer {
      padding: 12px;
    }

    @media (width < 1200px) {
      .head,
      .group {
        grid-template-columns: 20px minmax(0, 1fr) 60px 100px 176px 90px;
      }

      .optional {
        display: none;
      }
    }

    @media (width < 700px) {
      .head {
        display: none;
      }

      .group {
        grid-template-columns: 16px minmax(0, 1fr) auto;
        height: auto;
        min-height: 56px;
        gap: 2px 8px;
        padding: 8px 12px 8px 8px;
      }

      .group .tasks-count,
      .group .last {
        display: none;
      }

      .outcomes {
        grid-column: 2 / 4;
        grid-row: 2;
      }

      .tasks {
        padding-left: 0;
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property({ attribute: false }) query!: ListQuery;
  @property({ attribute: false }) selected: ReadonlySet<string> = new Set();
  @state() private stats: Stats | null = null;
  @state() private groups: readonly TaskGroup[] = [];
  /** The lists of the open groups, which may contain tasks of other groups. */
  readonly #lists = new Map<string, TaskList>();
  #abort = new AbortController();
  #shown = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query')) {
      const address = addressOf({ ...this.query, isGrid: false });
      if (address !== this.#shown) {
        this.#shown = address;
        [...this.#lists.keys()].forEach((key) => { this.#close(key); });
        void this.load();
      }
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort.abort();
    this.#lists.forEach((list) => { list.close(); });
  }

  /** Returns the buttons of the groups and the links of the open ones, in the order of the rows. */
  links(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.group, st-task-table')]
      .flatMap((element) => (element instanceof TaskTable ? element.links() : [element]));
  }

  /** All tasks that are shown, in the order of the rows. */
  get rows(): readonly ListedTask[] {
    return this.groups.flatMap(({ key }) => this.#tasksOf(key));
  }

  /** Reads the groups, and the tasks of the open ones. */
  async load(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const { group } = this.query;
    if (group === null) {
      return;
    }
    try {
      const stats = await this.context.api.stats(statsQueryOf(this.query, group), { signal });
      this.stats = stats;
      this.groups = groupsOf(stats.stats, group);
      await Promise.all([...this.#lists.values()].map((list) => list.refresh()));
    } catch (error) {
      if (!isAbort(error)) {
        this.context.shell.showError(error);
      }
    }
  }

  override render() {
    const { context: { t, format }, groups, query: { group }, stats } = this;
    const texts = t.tasks.groups;
    if (stats === null) {
      return nothing;
    }
    const next = stats.next_update_at;
    if (groups.length === 0) {
      const advice = [
        texts.noneAdvice,
        ...(group === 'instruction' && stats.updated_at === null ? [texts.notUpdated] : []),
        ...(next === null ? [] : [texts.noneUntil(format.minute(next))]),
      ];
      return html`<st-empty-state headline=${texts.none} text=${advice.join(texts.separator)}></st-empty-state>`;
    }
    return html`
      <div class="head" aria-hidden="true"><span></span><span>${t.tasks.columns[group === 'experiment' ? 'experiment' : 'instruction']}</span>
        <span class="end">${texts.tasks}</span><span class="end">${texts.success}</span><span title=${texts.legend}>${texts.outcomes} ${icon('info')}</span>
        <span class="end optional">${texts.stepsPerTask}</span><span class="end optional">${texts.duration}</span><span class="end">${texts.last}</span></div>
      <ul aria-label=${texts.list}>${repeat(groups, ({ key }) => key, (group) => this.#group(group))}</ul>
      <footer class="muted small">${[
        texts.period(format.day(stats.since), format.day(stats.until)),
        ...(stats.updated_at === null ? [] : [texts.updated(format.age(stats.updated_at))]),
        ...(next === null ? [] : [texts.nextUpdate(format.minute(next))]),
        ...(hasOtherFilters(this.query) ? [texts.ignored] : []),
        texts.legend,
      ].join(' · ')}</footer>
    `;
  }

  #group(group: TaskGroup) {
    const { context: { t, format }, query: { group: grouping } } = this;
    const texts = t.tasks.groups;
    const { key, tasks, passes, judged, passRate, outcomes } = group;
    const isOpen = this.#lists.has(key);
    const recent = texts.recent(outcomes.length, count(outcomes, 'pass'), count(outcomes, 'fail'));
    const name = truncate(key, MAX_KEY) || (grouping === 'experiment' ? texts.withoutExperiment : texts.withoutInstruction);
    return html`
      <li>
        <button class="group" aria-expanded=${isOpen ? 'true' : 'false'} @click=${() => { this.#toggle(key); }}>
          ${icon(isOpen ? 'chevronDown' : 'chevronRight')}
          <bdi class="name ellipsis" title=${name}>${name}</bdi>
          <span class="end number tasks-count">${format.number(tasks)}<span class="hidden-text"> ${texts.tasks}</span></span>
          <span class="end number">${passRate === null ? '–' : format.percent(passRate)}
            <span class="second">${texts.of(format.number(passes), format.number(judged))}</span></span>
          <span class="outcomes" title="${recent}. ${texts.legend}">${outcomeBars(outcomes, recent)}</span>
          <span class="end number optional">${group.stepsPerTask === null ? '' : format.number(Math.round(group.stepsPerTask * 10) / 10)}</span>
          <span class="end number optional">${group.medianMs === null ? '' : format.duration(group.medianMs)}</span>
          <span class="end number last">${group.lastStartedAt === null ? '' : format.age(group.lastStartedAt)}</span>
        </button>
        ${isOpen ? this.#openGroup(key) : nothing}
      </li>`;
  }

  #openGroup(key: string) {
    const { context, query } = this;
    const { groups: texts } = context.t.tasks;
    return html`
      <div class="tasks">
        ${this.#lists.get(key)?.isLoaded !== true
          ? html`<p class="all muted" role="status">${context.t.common.loading}</p>`
          : html`
            <st-task-table .context=${context} .tasks=${this.#tasksOf(key)} .selected=${this.selected} .isGrid=${query.isGrid} label=${texts.newest}
              @toggle=${this.#onToggle}></st-task-table>
            ${key === '' ? nothing : html`<a class="all" href=${addressOf(this.#listQuery(key))}>${texts.showAll}</a>`}`}
      </div>`;
  }

  /** The query of a list that contains the tasks of a group, and may contain others. */
  #listQuery(key: string): ListQuery {
    const { query } = this;
    const [name, value] = query.group === 'experiment' ? ['experiment', key] : ['text', searchTextOf(key)];
    return { ...(value === '' ? query : withFilter(query, name, value)), group: null };
  }

  #toggle(key: string): void {
    if (this.#lists.has(key)) {
      this.#close(key);
    } else {
      this.#open(key);
    }
  }

  /** Loads the tasks of a group, and updates them until it is closed. New tasks appear at once. */
  #open(key: string): void {
    const list = new TaskList(this.context.api, { pageSize: SEARCHED_TASKS, addsNewTasks: true });
    list.addEventListener('change', () => { this.requestUpdate(); });
    list.addEventListener('error', (event) => {
      this.context.shell.showError((event as CustomEvent<unknown>).detail);
      if (!list.isLoaded) {
        this.#close(key);
      }
    });
    this.#lists.set(key, list);
    void list.load(taskQueryOf(this.#listQuery(key)));
    this.requestUpdate();
  }

  #close(key: string): void {
    this.#lists.get(key)?.close();
    this.#lists.delete(key);
    this.requestUpdate();
  }

  /** The newest tasks of a group, if it is open. */
  #tasksOf(key: string): ListedTask[] {
    const isExperiment = this.query.group === 'experiment';
    return (this.#lists.get(key)?.rows ?? [])
      .filter((task) => (isExperiment ? (task.experiment ?? '') === key : isInGroup(task, key))).slice(0, SHOWN_TASKS);
  }

  readonly #onToggle = (event: CustomEvent) => {
    this.dispatchEvent(new CustomEvent('toggle', { detail: event.detail as unknown }));
  };
}

function count<T>(values: readonly T[], value: T): number {
  return values.filter((each) => each === value).length;
}

/** Returns the statistics for the filters that they have. The API knows only days. */
function statsQueryOf({ filters }: ListQuery, group: Grouping): StatsQuery {
  const { agent, model, device_id: device, owner, since, until } = filters;
  const last = until === undefined ? Date.now() : Date.parse(until);
  const first = since === undefined ? null : Math.max(Date.parse(since), last - MAX_DAYS * DAY);
  return {
    group_by: group,
    recent: 'true',
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
    ...(device === undefined ? {} : { device_id: device }),
    ...(owner === undefined ? {} : { owner }),
    ...(first === null ? {} : { since: dayOf(first) }),
    ...(until === undefined ? {} : { until: dayOf(last) }),
  };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function hasOtherFilters({ filters, tags }: ListQuery): boolean {
  return tags.length > 0 || Object.keys(filters).some((name) => !['agent', 'model', 'device_id', 'owner', 'since', 'until'].includes(name));
}

customElements.define('st-group-list', GroupList);
