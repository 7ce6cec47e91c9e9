import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import type WaDropdownItem from '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import { LitElement, css, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { AppContext } from '../app-context.ts';
import type { TaskValueQuery } from '../api/types.ts';
import { icon } from '../components/icons.ts';
import { controls } from '../styles/controls.ts';
import './filter-chip.ts';
import type { FilterChip } from './filter-chip.ts';
import { GROUPINGS, hasFilters, toggleTag, withFilter, withoutFilters, type Grouping, type ListQuery } from './list-query.ts';
import './time-filter.ts';
import type { TimeFilter } from './time-filter.ts';
import './value-list.ts';
import type { FilterValue, ValueList } from './value-list.ts';

const TYPING_MS = 300;
const MAX_TEXT = 200;

type ValueField = NonNullable<TaskValueQuery['field']>;
type ChoiceFilter = 'status' | 'verdict' | ValueField;

const CHOICES: readonly ChoiceFilter[] = ['status', 'verdict', 'agent', 'model', 'device_id', 'tag', 'experiment'];
/** One object, so that a new rendering does not replace values from the API. */
const NO_VALUES: readonly FilterValue[] = [];
/** Filters that have a control of their own. The others are shown only if the address has them. */
const WITH_CONTROL = new Set<string>([...CHOICES, 'text', 'since', 'until']);

/** Search, filters, grouping and view of the list. Fires `query` with the new query, and whether it comes from typing. */
export class FilterBar extends LitElement {
  static override styles = [controls, css`
    :host {
      display: flex;
      align-items: center;
      gap: var(--st-space-3);
      min-height: 44px;
      padding: 0 var(--st-space-4);
      border-bottom: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .search {
      flex: 0 1 230px;
      min-width: 130px;
    }

    .search kbd {
      position: absolute;
      top: 50%;
      right: 6px;
      transform: translateY(-50%);
      pointer-events: none;
    }

    .search input:not(:placeholder-shown) ~ kbd,
    .search input:focus ~ kbd {
      display: none;
    }

    .chips {
      display: flex;
      flex: 1;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px;
      min-width: 0;
      padding: 6px 0;
    }

    .clear {
      flex: none;
      height: 26px;
      font-size: var(--st-size-small);
    }

    .end {
      display: flex;
      flex: none;
      gap: var(--st-space-3);
    }

    @media (pointer: coarse) {
      kbd {
        display: none;
      }
    }

    @media (width < 1000px) {
      :host {
        flex-wrap: wrap;
        gap: 0 var(--st-space-3);
        padding-top: 6px;
      }

      .search {
        flex: 1 1 160px;
      }

      .chips {
        order: 1;
        flex: 1 0 100%;
        flex-wrap: nowrap;
        overflow-x: auto;
        margin: 0 calc(-1 * var(--st-space-4));
        padding: 6px var(--st-space-4);
        scrollbar-width: none;
      }
    }

    @media (width < 480px) {
      .word {
        display: none;
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property({ attribute: false }) query!: ListQuery;
  @query('input') private readonly input!: HTMLInputElement;
  #typing: ReturnType<typeof setTimeout> | undefined;

  focusSearch(): void {
    this.input.focus();
    this.input.select();
  }

  override render() {
    const { context: { t }, query: { filters, group, isGrid } } = this;
    const texts = t.tasks;
    return html`
      <label class="search">
        <span class="hidden-text">${texts.search}</span>${icon('search')}
        <input type="search" maxlength=${MAX_TEXT} placeholder=${texts.search} aria-keyshortcuts="/" @input=${this.#onInput}><kbd aria-hidden="true">/</kbd>
      </label>
      <div class="chips" role="group" aria-label=${texts.filters.bar}>
        ${CHOICES.map((name) => this.#choice(name))}
        ${this.#time()}
        ${Object.entries(filters).filter(([name]) => !WITH_CONTROL.has(name)).map(([name, value]) => html`
          <st-filter-chip .t=${t} label=${name === 'case_id' || name === 'owner' ? texts.filters[name] : name} value=${value} without-panel
            @clear=${() => { this.#change(withFilter(this.query, name, '')); }}></st-filter-chip>`)}
        ${hasFilters(this.query) ? html`<button class="plain clear" @click=${this.#clear}>${texts.filters.clear}</button>` : nothing}
      </div>
      <div class="end">
        <wa-dropdown placement="bottom-end" @wa-select=${this.#onGroup}>
          <button slot="trigger" class="plain" aria-label="${texts.groupBy}: ${texts.groupings[group ?? 'none']}">
            ${icon('menu')}<span class="word">${group === null ? texts.groupBy : texts.groupings[group]}</span>${icon('chevronDown')}
          </button>
          ${(['none', ...GROUPINGS] as const).map((name) => html`
            <wa-dropdown-item type="checkbox" value=${name} ?checked=${name === (group ?? 'none')}>${texts.groupings[name]}</wa-dropdown-item>`)}
        </wa-dropdown>
        <span class="segments" role="group" aria-label=${texts.view}>
          ${([false, true]).map((grid) => html`
            <button class="icon" aria-pressed=${grid === isGrid ? 'true' : 'false'} title=${grid ? texts.grid : texts.table}
              aria-label=${grid ? texts.grid : texts.table} @click=${() => { this.#change({ ...this.query, isGrid: grid }); }}>
              ${icon(grid ? 'grid' : 'table')}
            </button>`)}
        </span>
      </div>
    `;
  }

  override updated(): void {
    const text = this.query.filters['text'] ?? '';
    if (this.input.value.trim() !== text) { // what the user types may end with a space
      this.input.value = text;
    }
  }

  #choice(name: ChoiceFilter) {
    const { context, context: { t }, query: { filters, tags } } = this;
    const label = t.tasks.filters[name];
    const chosen = name === 'tag' ? tags : name in filters ? [filters[name] ?? ''] : [];
    const known = this.#knownValues(name);
    const textOf = (value: string) => known?.find((each) => each.value === value)?.text ?? value;
    return html`
      <st-filter-chip data-filter=${name} .t=${t} label=${label} value=${chosen.map(textOf).join(', ')} @open=${this.#onOpen}
        @closed=${this.#onClosed}
        @clear=${() => { this.#change(name === 'tag' ? { ...this.query, tags: [] } : withFilter(this.query, name, '')); }}>
        <st-value-list .context=${context} label=${label} .field=${known === null ? name : null} .values=${known ?? NO_VALUES} .chosen=${chosen}
          owner=${filters['owner'] ?? ''} @choose=${(event: CustomEvent<string>) => { this.#choose(event, name); }}></st-value-list>
      </st-filter-chip>`;
  }

  #time() {
    const { context: { t, format }, query: { filters } } = this;
    const texts = t.tasks.filters;
    const { since = '', until = '' } = filters;
    const value = [since === '' ? '' : texts.from(format.minute(since)), until === '' ? '' : texts.before(format.minute(until))]
      .filter((part) => part !== '').join(', ');
    return html`
      <st-filter-chip data-filter="time" .t=${t} label=${texts.time} value=${value} @open=${this.#onOpen}
        @clear=${() => { this.#change(withFilter(withFilter(this.query, 'since', ''), 'until', '')); }}>
        <st-time-filter .t=${t} since=${since} until=${until} @choose=${this.#onTime}></st-time-filter>
      </st-filter-chip>`;
  }

  /** Returns all values of a filter; null if they come from the API. */
  #knownValues(name: ChoiceFilter): readonly FilterValue[] | null {
    const { statuses, verdicts } = this.context.t.tasks;
    const texts: Record<string, string> | null = name === 'status' ? statuses : name === 'verdict' ? verdicts : null;
    return texts && Object.entries(texts).map(([value, text]) => ({ value, text }));
  }

  #choose(event: CustomEvent<string>, name: ChoiceFilter): void {
    const value = event.detail;
    closeChip(event);
    this.#change(name === 'tag' ? toggleTag(this.query, value) : withFilter(this.query, name, this.query.filters[name] === value ? '' : value));
  }

  #change(query: ListQuery, isTyping = false): void {
    const isPending = this.#typing !== undefined && this.input.value.trim() !== (this.query.filters['text'] ?? '');
    clearTimeout(this.#typing);
    this.#typing = undefined;
    const detail = { query: isPending && query.filters['text'] === this.query.filters['text'] ? withFilter(query, 'text', this.input.value) : query, isTyping };
    this.dispatchEvent(new CustomEvent('query', { detail }));
  }

  readonly #onOpen = (event: Event) => {
    void (event.target as FilterChip).querySelector<ValueList | TimeFilter>('st-value-list, st-time-filter')?.open();
  };

  readonly #onClosed = (event: Event) => {
    (event.target as FilterChip).querySelector<ValueList>('st-value-list')?.reset();
  };

  readonly #onTime = (event: CustomEvent<{ since: string; until: string }>) => {
    closeChip(event);
    this.#change(withFilter(withFilter(this.query, 'since', event.detail.since), 'until', event.detail.until));
  };

  readonly #onInput = () => {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => { this.#change(withFilter(this.query, 'text', this.input.value), true); }, TYPING_MS);
  };

  readonly #onGroup = (event: CustomEvent<{ item: WaDropdownItem }>) => {
    const { value } = event.detail.item;
    this.#change({ ...this.query, group: GROUPINGS.find((grouping: Grouping) => grouping === value) ?? null });
  };

  /** The button disappears, so the focus moves to the search. */
  readonly #clear = () => {
    this.#change(withoutFilters(this.query));
    this.focusSearch();
  };
}

function closeChip(event: Event): void {
  (event.currentTarget as Element).closest<FilterChip>('st-filter-chip')?.close();
}

customElements.define('st-filter-bar', FilterBar);
