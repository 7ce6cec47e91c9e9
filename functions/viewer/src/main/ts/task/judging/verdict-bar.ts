import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';
import { isPageEscape } from '../../components/page-keys.ts';
import type { Texts } from '../../i18n/en.ts';
import { controls } from '../../styles/controls.ts';
import type { Judgement } from './judge.ts';

/**
 * Asks for confirmation and the reason of a verdict, or shows the reason of the present one. Fires `save` with the reason, `close`
 * without a change, and `remove` for the present verdict.
 */
export class VerdictBar extends LitElement {
  static override styles = [controls, css`
    form {
      position: absolute;
      z-index: 25;
      top: calc(100% + var(--st-space-2));
      right: 0;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--st-space-3);
      width: min(680px, calc(100vw - 24px));
      padding: 8px 10px 8px 14px;
      border-radius: var(--st-radius-panel);
      background: var(--st-surface-raised);
      box-shadow: var(--st-shadow-dialog);
    }

    @media (width < 700px) {
      form {
        position: fixed;
        top: auto;
        right: 12px;
        bottom: var(--st-space-5);
      }
    }

    input {
      flex: 1 1 220px;
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property() verdict: Judgement = 'unclear';
  /** The reason of the present verdict; null if the verdict is a new one. */
  @property({ attribute: false }) earlierReason: string | null = null;
  @query('input') private readonly input!: HTMLInputElement;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('verdict')) {
      this.input.focus();
    }
  }

  override render() {
    const { common, task: { judging: t } } = this.t;
    return html`
      <form @submit=${this.#submit} aria-label=${t.verdict}>
        <span role="status">${t.verdict}: <strong>${common.verdict[this.verdict]}</strong></span>
        <input type="text" maxlength="10000" .value=${this.earlierReason ?? ''} placeholder=${t.reason} aria-label=${t.reason}
          @keydown=${this.#onInputKey}>
        <button class="primary">${common.save}</button>
        ${this.earlierReason === null ? nothing : html`<button type="button" @click=${() => { this.#fire('remove'); }}>${t.remove}</button>`}
        <button type="button" @click=${this.#cancel}>${common.cancel} <kbd>Esc</kbd></button>
      </form>
    `;
  }

  readonly #submit = (event: Event) => {
    event.preventDefault();
    const reason = this.input.value.trim();
    if (reason === this.earlierReason) {
      this.#cancel();
    } else {
      this.dispatchEvent(new CustomEvent('save', { detail: reason }));
    }
  };

  readonly #cancel = () => {
    this.#fire('close');
  };

  readonly #onInputKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#cancel();
    }
  };

  readonly #onKey = (event: KeyboardEvent) => {
    if (isPageEscape(event)) {
      event.preventDefault();
      this.#cancel();
    }
  };

  #fire(type: string): void {
    this.dispatchEvent(new Event(type));
  }
}

customElements.define('st-verdict-bar', VerdictBar);
