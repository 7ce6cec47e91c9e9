import { LitElement, css, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { icon } from '../../components/icons.ts';
import type { Texts } from '../../i18n/en.ts';
import { controls } from '../../styles/controls.ts';
import { panelStyles } from './panel-styles.ts';

const MAX_LENGTH = 50;

/** Short texts, such as tags or labels, which can be added and removed. Fires `add` and `remove` with the text. */
export class ChipList extends LitElement {
  static override styles = [controls, panelStyles, css`
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px;
      padding: 0;
    }

    input {
      width: 110px;
      height: 24px !important;
      border-radius: var(--st-radius-chip);
      border-style: dashed;
      font-size: var(--st-size-small);
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property({ attribute: false }) items: readonly string[] = [];
  /** Offered as buttons unless they are in the list. */
  @property({ attribute: false }) suggestions: readonly { value: string; text: string }[] = [];
  @property({ type: Boolean }) readonly = false;
  @property() addLabel = '';
  @query('input') private readonly input!: HTMLInputElement | null;

  focusInput(): void {
    this.input?.focus();
  }

  override render() {
    const nameOf = (item: string) => this.suggestions.find(({ value }) => value === item)?.text ?? item;
    return html`
      ${this.items.map((item) => html`
        <span class="chip ${this.readonly ? 'plain' : ''}"><bdi>${nameOf(item)}</bdi>${this.readonly ? nothing : html`
          <button aria-label=${this.t.common.remove(nameOf(item))} @click=${() => { this.#fire('remove', item); }}>${icon('close')}</button>`}
        </span>`)}
      ${this.readonly ? nothing : html`
        ${this.suggestions.filter(({ value }) => !this.items.includes(value)).map(({ value, text }) => html`
          <button class="small" @click=${() => { this.#fire('add', value); }}>${icon('plus')}${text}</button>`)}
        <form @submit=${this.#submit}>
          <input type="text" maxlength=${MAX_LENGTH} placeholder=${this.addLabel} aria-label=${this.addLabel}>
        </form>`}
    `;
  }

  #fire(type: 'add' | 'remove', item: string): void {
    this.dispatchEvent(new CustomEvent(type, { detail: item }));
  }

  readonly #submit = (event: Event) => {
    event.preventDefault();
    const text = this.input?.value.trim() ?? '';
    if (text !== '' && this.input) {
      this.input.value = '';
      this.#fire('add', text);
    }
  };
}

customElements.define('st-chip-list', ChipList);
