import { LitElement, css, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AppContext } from '../app-context.ts';
import '../components/empty-state.ts';
import { icon } from '../components/icons.ts';
import { controls } from '../styles/controls.ts';
import './expectation.ts';
import './insight.ts';
import {
  type InsightFilter, type InsightGroup, type Kind, KINDS, addressOf, normalizeInstruction, readFilter,
} from './insight-groups.ts';
import { InsightList } from './insight-list.ts';

const PRELOAD_MARGIN = '600px';

/** What the user's tasks have in common, by instruction. The address contains the filter: `/insights?kind=flaky&instruction=…`. */
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
      flex: 1 1 260px;
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

    .end {
      padding: 16px 0;
      text-align: center;
    }

    .insights li {
      margin-top: 12px;
    }

    @media (width < 700px) {
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
        ${expectation ? html`<st-expectation .context=${this.context} .insight=${expectation}></st-expectation>` : nothing}
        ${insights.length > 0 ? html`<ul class="insights">${insights.map((insight) => html`
          <li><st-insight .context=${this.context} .insight=${insight}></st-insight></li>`)}</ul>`
          : this.#filter.kind === null ? html`<p class="muted small">${t.nothingFound}</p>` : nothing}
      </section>`;
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

customElements.define('st-insights-page', InsightsPage);
