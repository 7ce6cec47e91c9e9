import { LitElement, css, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { isPageEscape } from '../../components/page-keys.ts';
import type { Texts } from '../../i18n/en.ts';
import { controls } from '../../styles/controls.ts';
import type { Judgement } from './judge.ts';

/**
 * Asks for the reason of a verdict that was just set, or shows that of an earlier one. Fires `reason` with the text, `close` without a
 * change, and `undo` for a new verdict or `remove` for an earlier one.
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
  /** The reason of an earlier verdict; null if the verdict was just set. */
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

  override firstUpdated(): void {
    this.input.focus();
  }

  override render() {
    const { common, task: { judging: t } } = this.t;
    return html`
      <form @submit=${this.#submit} aria-label=${t.verdict}>
        <span role="status">${t.verdict}: <strong>${common.verdict[this.verdict]}</strong></span>
        <input type="text" maxlength="10000" .value=${this.earlierReason ?? ''} placeholder=${t.reason} aria-label=${t.reason}>
        <button class="primary">${common.save}</button>
        ${this.earlierReason === null ? nothing : html`<button type="button" @click=${() => { this.#fire('remove'); }}>${t.remove}</button>`}
        <button type="button" @click=${this.#cancel}>${this.earlierReason === null ? common.undo : common.cancel} <kbd>Esc</kbd></button>
      </form>
    `;
  }

  readonly #submit = (event: Event) => {
    event.preventDefault();
    const reason = this.input.value.trim();
    if (reason === (this.earlierReason ?? '')) {
      this.#fire('close');
    } else {
      this.dispatchEvent(new CustomEvent('reason', { detail: reason }));
    }
  };

  readonly #cancel = () => {
    this.#fire(this.earlierReason === null ? 'undo' : 'close');
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
