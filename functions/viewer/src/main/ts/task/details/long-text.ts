import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { AppContext } from '../../app-context.ts';
import { truncate } from '../../i18n/truncate.ts';
import { controls } from '../../styles/controls.ts';

const MAX_CHARACTERS = 1200;
const MAX_CODE_CHARACTERS = 5000;

/** A text of any length, of which the start is shown until the user asks for all of it. */
export class LongText extends LitElement {
  static override styles = [controls, css`
    :host {
      display: block;
    }

    .text {
      overflow-wrap: anywhere;
      unicode-bidi: isolate;
      white-space: pre-wrap;
    }

    :host([code]) .text {
      padding: 8px 10px;
      border: 1px solid var(--st-border);
      border-radius: var(--st-radius);
      background: var(--st-canvas);
      font-family: var(--st-font-code);
      font-size: 12px;
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property() text = '';
  /** Whether to use a monospaced font. */
  @property({ type: Boolean, reflect: true }) code = false;
  @state() private shownText: string | null = null;

  override render() {
    const { text, context: { t, format } } = this;
    const max = this.code ? MAX_CODE_CHARACTERS : MAX_CHARACTERS;
    const isCut = text.length > max && this.shownText !== text;
    return html`
      <div class="text" dir=${this.code ? 'ltr' : 'auto'} tabindex="-1">${isCut ? truncate(text, max) : text}</div>
      ${isCut ? html`<button class="plain small" @click=${this.#showAll}>${t.common.showAll(format.number(text.length))}</button>` : nothing}
    `;
  }

  /** The button disappears, so that the focus moves to the text. */
  readonly #showAll = () => {
    this.shownText = this.text;
    this.renderRoot.querySelector<HTMLElement>('.text')?.focus({ preventScroll: true });
  };
}

customElements.define('st-long-text', LongText);
