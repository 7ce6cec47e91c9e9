import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { AppContext } from '../app-context.ts';
import type { TaskValueQuery } from '../api/types.ts';
import { icon } from '../components/icons.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';

const TYPING_MS = 250;
const MAX_VALUE = 200;

export interface FilterValue {
  readonly value: string;
  readonly text: string;
  /** The number of tasks with this value, if it is known. */
  readonly tasks?: number;
}

/** The values of a filter, with a search field if they come from the API. Fires `choose` with a value. */
export class ValueList extends LitElement {
  static override styles = [controls, css`
    input {
      width: 100%;
      margin-bottom: 4px;
    }

    li button {
      display: flex;
      width: 100%;
      height: auto;
      min-height: 30px;
      padding: 4px 8px;
      justify-content: flex-start;
      border: 0;
      background: none;
      font-weight: 400;
      text-align: left;
      white-space: normal;
      overflow-wrap: anywhere;
    }

    li button:hover {
      background: var(--st-surface-2);
    }

    li button[aria-pressed='true'] {
      background: var(--st-accent-quiet);
    }

    .text {
      flex: 1;
    }

    .empty {
      padding: 6px 8px;
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property() label = '';
  /** The field of the tasks whose values are offered; null if `values` is complete. */
  @property({ attribute: false }) field: TaskValueQuery['field'] | null = null;
  @property({ attribute: false }) values: readonly FilterValue[] = [];
  @property({ attribute: false }) chosen: readonly string[] = [];
  /** The owner whose tasks the list shows; empty for all. */
  @property() owner = '';
  @state() private text = '';
  @state() private isLoading = false;
  @state() private isTruncated = false;
  @query('input') private readonly input!: HTMLInputElement | null;
  #typing: ReturnType<typeof setTimeout> | undefined;

  /** Loads the values, and moves the focus to the first control. */
  async open(): Promise<void> {
    this.renderRoot.querySelector<HTMLElement>('input, button')?.focus();
    if (this.field !== null) {
      await this.#load('');
    }
  }

  /** Empties the search field. */
  reset(): void {
    this.text = '';
    if (this.input) {
      this.input.value = '';
    }
  }

  override render() {
    const { t, format } = this.context;
    const texts = t.tasks.filters;
    const search = this.text.toLowerCase();
    const matching = this.values.filter(({ text }) => text.toLowerCase().includes(search));
    const isKnown = this.text === '' || this.values.some(({ value }) => value === this.text);
    return html`
      <div @keydown=${this.#onKey}>
        ${this.field === null ? nothing : html`
          <input type="search" maxlength=${MAX_VALUE} placeholder=${texts.searchValues(this.label)} aria-label=${texts.searchValues(this.label)}
            @input=${this.#onInput}>`}
        <ul aria-busy=${this.isLoading ? 'true' : 'false'}>
          ${matching.map(({ value, text, tasks }) => html`
            <li><button aria-pressed=${this.chosen.includes(value) ? 'true' : 'false'} @click=${() => { this.#choose(value); }}>
              <bdi class="text">${truncate(text, MAX_VALUE)}</bdi>
              ${tasks === undefined ? nothing : html`<span class="muted number">${format.number(tasks)}</span>`}
              ${this.chosen.includes(value) ? icon('check') : nothing}
            </button></li>`)}
          ${isKnown ? nothing : html`
            <li><button @click=${() => { this.#choose(this.text); }}><bdi class="text">${texts.exactly(this.text)}</bdi></button></li>`}
        </ul>
        ${matching.length > 0 ? nothing : html`
          <p class="empty muted" role="status">${this.isLoading ? t.common.loading : this.text === '' ? texts.noValues : texts.noMatch}</p>`}
      </div>
    `;
  }

  async #load(prefix: string): Promise<void> {
    const { context: { api, shell }, field, owner } = this;
    this.isLoading = true;
    try {
      const { values, truncated } = await api.taskValues({
        ...(field === null || field === undefined ? {} : { field }), ...(prefix === '' ? {} : { prefix }), ...(owner === '' ? {} : { owner }),
      });
      if (prefix === this.text || prefix === '') {
        this.values = values.map(({ value, tasks }) => ({ value, text: value, tasks }));
        this.isTruncated = truncated;
      }
    } catch (error) {
      shell.showError(error);
    } finally {
      this.isLoading = false;
    }
  }

  #choose(value: string): void {
    this.dispatchEvent(new CustomEvent('choose', { detail: value }));
  }

  /** Searches in the loaded values. The API may have more of them, which it finds by their start. */
  readonly #onInput = (event: Event) => {
    this.text = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.#typing);
    if (this.isTruncated) {
      this.#typing = setTimeout(() => void this.#load(this.text), TYPING_MS);
    }
  };

  /** Arrow keys move between the search field and the values; Enter in the field chooses the first value. */
  readonly #onKey = (event: KeyboardEvent) => {
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>('input, li button')];
    const index = items.findIndex((item) => item.matches(':focus'));
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      items[Math.max(0, Math.min(items.length - 1, index + move))]?.focus();
    } else if (event.key === 'Enter' && items[index]?.matches('input')) {
      event.preventDefault();
      items[1]?.click();
    }
  };
}

customElements.define('st-value-list', ValueList);
